// What the command line does with the folder of certificates while nothing runs.
import path from 'node:path'
import { type Config, ConfigError } from '../config.ts'
import { CaProblem, issueClient, keepCa, type Role, roles } from '../tls/keep.ts'
import { makeFolder, StartError, tlsFolder, writeSecret } from './files.ts'

async function within<T>(config: Config, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = tlsFolder(config)
  try {
    makeFolder(path.resolve(folder), 0o700)
    return await work(folder)
  } catch (error) {
    if (error instanceof CaProblem) throw new StartError(error.message)
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw code.startsWith('E') ? new StartError(`The certificates in ${folder} cannot be kept (${code}).`) : error
  }
}

/** The file of the CA. */
export const openCa = (config: Config, now: number): Promise<string> =>
  within(config, async (folder) => (await keepCa({ folder, now })).file)

export async function makeClientFile(
  config: Config,
  { role, name, out }: { readonly role: string; readonly name: string; readonly out: string },
  now: number,
): Promise<{ readonly file: string; readonly ca: string }> {
  const known: Role | undefined = roles.find((one) => one === role)
  if (known === undefined) throw new ConfigError(`--role is not valid: ${roles.join(', ')} expected`)
  if (!/^[ -~]{1,64}$/.test(name)) throw new ConfigError('--name is not valid: 1 to 64 plain characters expected')
  return within(config, async (folder) => {
    const { certificate, key } = await issueClient(folder, { name, role: known, now })
    writeSecret(out, `${certificate}${key}`)
    return { file: out, ca: path.join(folder, 'ca.pem') }
  })
}
