// Says by its exit code whether the Sekisho with these settings (environment, sekisho.yaml) answers: the health check of
// the container image, which has no curl.
import { existsSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { type Config, ConfigError, readConfig } from '../config.ts'

const say = (code: number, what: string): void => {
  process.stdout.write(`${what}\n`)
  process.exitCode = code
}

function ask({ host, acsPort, shopPort, singlePort, only, tls }: Config): void {
  const hasAcsPort = singlePort || only.includes('acs') || only.includes('ds')
  const anywhere = new Set(['0.0.0.0', '::', 'localhost'])
  const options = {
    host: anywhere.has(host) ? '127.0.0.1' : host,
    port: hasAcsPort ? acsPort : shopPort,
    // The shop port has no health of its own: that it answers at all has to do.
    path: hasAcsPort ? '/health/ready' : '/',
    timeout: 4_000,
    rejectUnauthorized: false, // whether it lives, not who it is; nothing secret is sent
  }
  const request = (tls ? https : http).get(options, (response) => {
    response.resume()
    const { statusCode = 0 } = response
    const isWell = hasAcsPort ? statusCode === 200 : statusCode < 500
    say(isWell ? 0 : 1, `HTTP ${statusCode}`)
  })
  request.on('timeout', () => request.destroy(new Error('no answer in time')))
  request.on('error', (error) => say(1, 'code' in error ? String(error.code) : error.message))
}

try {
  const file = process.env.SEKISHO_CONFIG ?? (existsSync('sekisho.yaml') ? 'sekisho.yaml' : undefined)
  ask(readConfig({ env: process.env, file }))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  say(1, error.message)
}
