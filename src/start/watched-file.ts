// A file that may change while the program runs.
import { readFileSync } from 'node:fs'

export interface WatchedFile {
  readonly file: string
  /** What was read of it before; the first change is told against this. */
  readonly text: string
  /** How often the file is looked at, in milliseconds. */
  readonly everyMs: number
  /** Called with another text, once that is the same at two looks: an editor may still be writing. */
  readonly onChange: (text: string) => void
}

/**
 * Looks at the text itself: editors put a new file in its place, containers another link, and some file systems tell
 * neither of changes nor exact times. Does not keep the process alive. The returned function ends it.
 */
export function watchText({ file, text, everyMs, onChange }: WatchedFile): () => void {
  let known = text
  let draft: string | undefined
  const look = (): void => {
    let next: string
    try {
      next = readFileSync(file, 'utf8')
    } catch {
      return // between two files; the next look finds it
    }
    if (next === known) draft = undefined
    else if (next === draft) {
      known = next
      draft = undefined
      onChange(next)
    } else draft = next
  }
  const timer = setInterval(look, everyMs).unref()
  return () => clearInterval(timer)
}
