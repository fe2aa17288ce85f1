/** A finished experiment run again from its own folder, and every file compared. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { jobAgain } from './again.ts'
import { version } from './environment.ts'
import { hashesIn, names } from './folder.ts'
import { LabExperimentError } from './problems.ts'
import type { OnProgress } from './progress.ts'
import { runJob } from './run.ts'
import type { Manifest } from './summary.ts'
import { openManifest } from './summary-files.ts'

/** `changed`: not what the manifest says was written. `other`: as it was written, but the second run wrote something else. */
export type Verdict = 'same' | 'changed' | 'other' | 'missing' | 'unexpected'
export type Verified = {
  readonly files: readonly { readonly name: string; readonly verdict: Verdict }[]
  readonly isSame: boolean
  /** Of the manifest, where it is not this one: reason enough for other bytes. */
  readonly writtenBy?: string
}

export type VerifyOptions = {
  readonly workers?: number | undefined
  readonly stream?: string | undefined
  /** Where the second run is kept. Default: nowhere. */
  readonly keep?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

/** What has to be the same; version and commit say who ran it, and the same events may lie in another file. */
const compared = ({ version: _, commit: __, files: ___, imported: ____, ...rest }: Manifest): string =>
  JSON.stringify(rest)

function verdictOf(now: string | undefined, then: string | undefined, again: string | undefined): Verdict {
  if (now === undefined) return then === undefined ? 'same' : 'missing'
  if (then === undefined) return 'unexpected'
  if (now !== then) return 'changed'
  return now === again ? 'same' : 'other'
}

/** The second run is never written over the first, nor among its files, nor around them. */
function refuseToKeepWithin(folder: string, keep: string): void {
  const [inward, outward] = [relative(folder, keep), relative(keep, folder)]
  if (![inward, outward].some((way) => way === '' || !/^\.\.([/\\]|$)|^([A-Za-z]:|\/)/.test(way))) return
  throw new LabExperimentError(keep, [
    {
      path: '',
      message: 'is the folder that is verified, or lies in or around it; the second run needs a folder of its own',
    },
  ])
}

export async function verify(folder: string, options: VerifyOptions): Promise<Verified> {
  if (options.keep !== undefined) refuseToKeepWithin(resolve(folder), resolve(options.keep))
  const { job, manifest } = await jobAgain(folder)
  if (manifest.state === 'partial')
    throw new LabExperimentError(folder, [
      { path: '', message: 'is a partial result; finish it with `sekisho lab run --resume` before it is verified' },
    ])
  const out = options.keep === undefined ? await mkdtemp(join(tmpdir(), 'sekisho-verify-')) : resolve(options.keep)
  try {
    await runJob(job, {
      out,
      again: true,
      // Results lie beside their experiment, if nobody said otherwise.
      base: resolve(folder, '..'),
      workers: options.workers,
      stream: options.stream,
      signal: options.signal,
      onProgress: options.onProgress,
    })
    const again = await openManifest(out)
    const now = await hashesIn(folder)
    const all = [...new Set([...Object.keys(manifest.files), ...Object.keys(now), ...Object.keys(again.files)])].sort()
    const files = [
      {
        name: names.manifest,
        verdict: compared(manifest) === compared(again) ? ('same' as const) : ('other' as const),
      },
      ...all.map((name) => ({ name, verdict: verdictOf(now[name], manifest.files[name], again.files[name]) })),
    ]
    return {
      files,
      isSame: files.every(({ verdict }) => verdict === 'same'),
      ...(manifest.version !== version() && { writtenBy: manifest.version }),
    }
  } finally {
    if (options.keep === undefined) await rm(out, { recursive: true, force: true })
  }
}
