// sekisho challenge: what the cardholder would do, without a browser.
import { type Command, InvalidArgumentError } from 'commander'
import type { CardholderAction, ChallengeState, Entry, Opening } from '../client/client.ts'
import { clientOf, orExit, print, printJson, type RemoteOptions, withRemote } from './remote.ts'

interface Options extends RemoteOptions {
  readonly value?: string
  readonly otp?: string
  readonly password?: string
  readonly selected?: readonly string[]
  readonly trustList?: boolean
  readonly deviceBinding?: boolean
  readonly windowSize?: Opening['windowSize']
  readonly sessionData?: string
  /** Absent: as it is usual. */
  readonly post?: boolean
}

const keys = (text: string): readonly string[] => text.split(',').map((key) => key.trim())

function windowSize(text: string): string {
  if (!/^0[1-5]$/.test(text)) throw new InvalidArgumentError('01 to 05 expected.')
  return text
}

/** One line: where it stands, why it asks again, what it came to, how the way back fared. */
function tell({ phase, kind, screen, hint, triesLeft, verdict, returned, fault }: ChallengeState): string {
  const stands = [screen ?? phase, hint, triesLeft === undefined ? undefined : `${triesLeft} tries left`]
  const came = [
    verdict?.transStatus,
    verdict?.transStatusReason === undefined ? undefined : `reason ${verdict.transStatusReason}`,
    verdict?.challengeCancel === undefined ? undefined : `challengeCancel ${verdict.challengeCancel}`,
  ]
  const back = returned?.status === undefined ? returned?.problem : `returned: ${returned.status}`
  return [
    kind,
    ...(verdict === undefined ? stands : ['ended', came.filter(Boolean).join(' ')]),
    back,
    fault === undefined ? undefined : `fault: ${fault}`,
  ]
    .filter(Boolean)
    .join('  ')
}

async function run(acsTransID: string, action: string | undefined, options: Options): Promise<void> {
  const { api } = clientOf(options)
  const params = { acsTransID }
  const { value, otp, password, selected, trustList, deviceBinding, windowSize: size, sessionData, post } = options
  const entry: Entry & Opening = {
    value,
    otp,
    password,
    ...(selected !== undefined && { selected: [...selected] }),
    trustList,
    deviceBinding,
    windowSize: size,
    threeDSSessionData: sessionData,
    post,
  }
  const state =
    action === undefined
      ? await api.getChallenge({ params })
      : // The server says which actions there are.
        await api.driveChallenge({ params, body: { ...entry, action: action as CardholderAction } })
  if (options.json) printJson(state)
  else print(tell(state))
}

export function addChallenge(program: Command): void {
  withRemote(program.command('challenge'))
    .description('do what the cardholder of a challenge would do; without an action, tell where it stands')
    .argument('<acsTransID>', 'of the transaction')
    .argument(
      '[action]',
      'open, submit, wrong, select, otherWay, continue, resend, cancel, approve, refuse, trust, abandon, expire',
    )
    .option('--value <text>', 'what is entered or selected, in the place of what is right')
    .option('--otp <code>', 'the code')
    .option('--password <text>', 'the password')
    .option('--selected <keys>', 'keys of options, with commas', keys)
    .option('--trust-list', 'yes to the trust list')
    .option('--device-binding', 'yes to remembering the device')
    .option('--window-size <size>', 'challengeWindowSize of the CReq, 01 to 05', windowSize)
    .option('--session-data <text>', 'threeDSSessionData beside the CReq')
    .option('--post', 'post the final form to the notificationURL, though a browser is there')
    .option('--no-post', 'leave the final form to you')
    .action((acsTransID: string, action: string | undefined, options: Options) =>
      orExit(() => run(acsTransID, action, options)),
    )
}
