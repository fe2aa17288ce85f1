// A Sekisho whose experiments are run by a process that only says so.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Settings } from '../../src/config.ts'
import { type Running, running } from '../support/running.ts'

const runner = fileURLToPath(new URL('./lab-runner.mjs', import.meta.url))

export const launchLab = () => fork(runner, [], { execArgv: [], env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })

export const runningLab = (settings: Settings = {}): Promise<Running> =>
  running({ only: ['acs'], ...settings }, { launchLab })

export const yamlOf = (name: string, more = ''): string =>
  `name: ${name}\nstream: { preset: japan, events: 2000 }\npolicies: [rules-jp, rules-eu]\n${more}`

export interface Asked {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API; its schema is checked by the server under test.
  readonly body: any
}
export async function ask(sekisho: Running, method: string, path: string, yaml?: string): Promise<Asked> {
  const response = await fetch(`${sekisho.acs}/api/v1/experiments${path}`, {
    method,
    ...(method !== 'GET' && { headers: { 'content-type': yaml === undefined ? 'application/json' : 'text/yaml' } }),
    ...(method === 'POST' && { body: yaml ?? '{}' }),
  })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}
