/** A worker thread of the lab's own code, compiled or, in development, as it is written. */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/** `url`: of the module beside the caller, without its extension, as in `new URL('./worker', import.meta.url)`. */
export function threadOf(url: URL, workerData: unknown): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(`${url.href}.js`), { workerData, execArgv: [] })
  // Node reads no TypeScript by itself: the thread first takes what does.
  const home = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))
  const tsx = new URL('dist/esm/api/index.mjs', home).href
  const code = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(`${url.href}.ts`)}) })`
  return new Worker(code, { eval: true, workerData, execArgv: [] })
}
