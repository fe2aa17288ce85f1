// AReqs and CReqs of trials, made from the fixtures with ids, card and addresses of this run.
import type { Version } from '../protocol/tables/types.ts'
import type { CardName } from './cards.ts'
import { type FixtureFolder, fixtureMessage } from './fixtures.ts'
import { objectIn } from './json.ts'
import { Failed, type Members, NotRun, short, type World } from './world.ts'

export const folderOf = (start: string, version: Version): FixtureFolder => `${start}-${version.replaceAll('.', '')}`

/** Where the browser would come back to; nothing is ever sent there by an ACS. */
export const notificationURL = 'https://conformance.example/notification?order=1'

const literal = (name: string, value: unknown): string => `${JSON.stringify(name)}:${JSON.stringify(value)}`

/**
 * The text of a fixture, with the ids, the card and the dsURL of this run in place of the base's. What a case itself
 * changed no longer holds the base's value, so it stays.
 */
export function localised(text: string, base: Members, world: World): string {
  const swaps: Record<string, unknown> = {
    threeDSServerTransID: world.uuid(),
    dsTransID: world.uuid(),
    sdkTransID: world.uuid(),
    ...(world.cards.frictionless !== undefined && { acctNumber: world.cards.frictionless }),
    ...(world.results !== undefined && { dsURL: world.results.url }),
  }
  let result = text
  for (const [name, value] of Object.entries(swaps)) {
    if (base[name] !== undefined) result = result.replaceAll(literal(name, base[name]), literal(name, value))
  }
  return result
}

export interface Asked {
  readonly version: Version
  readonly card: CardName
  readonly start?: string
  readonly set?: Members
}

/** An AReq with a card of the map. Throws NotRun where the map has none. */
export function areqFor(world: World, { version, card, start = 'areq-browser', set = {} }: Asked): Members {
  const acctNumber = world.cards[card]
  if (acctNumber === undefined) throw new NotRun(`the card map names no card "${card}"`)
  const areq: Members = {
    ...fixtureMessage(folderOf(start, version), 'base-minimal'),
    threeDSServerTransID: world.uuid(),
    dsTransID: world.uuid(),
    acctNumber,
    ...(start === 'areq-browser' && { notificationURL }),
    ...(world.results !== undefined && { dsURL: world.results.url }),
    ...set,
  }
  return Object.fromEntries(Object.entries(areq).filter(([, value]) => value !== undefined))
}

/** Posts an AReq and gives the ARes; an Erro, or none, is a failure. */
export async function aresTo(world: World, areq: Members, trial: string): Promise<Members> {
  const answer = await world.target.post(JSON.stringify(areq))
  world.judge(answer, areq, trial)
  const { message } = answer
  if (message?.messageType === 'ARes') return message
  if (message?.messageType === 'Erro')
    throw new Failed(`Erro ${short(message.errorCode)} ${short(message.errorDetail)} instead of an ARes`)
  throw new Failed(`HTTP ${answer.status} without a message instead of an ARes`)
}

export const encoded = (message: unknown): string =>
  Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)).toString('base64url')

export function decoded(text: string): Members {
  const message = objectIn(Buffer.from(text, 'base64url').toString('utf8'))
  if (message === undefined) throw new Failed('the cres is no JSON object in base64url')
  return message
}
