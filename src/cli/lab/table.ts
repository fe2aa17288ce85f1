// A table in columns for a terminal.

/** First column to the left, the others to the right. Japanese letters count as two. */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map((row) => widthOf(row[i] ?? ''))))
  return all
    .map((row) =>
      row
        .map((text, i) => {
          const blanks = ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(text)))
          return i === 0 ? text + blanks : blanks + text
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const isWide = (letter: string): boolean => /[\u3000-\u9fff\uf900-\ufaff\uff00-\uff60]/.test(letter)
const widthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (isWide(letter) ? 2 : 1), 0)
