const needsQuotes = /[",\r\n]|^\s|\s$/

/** One row of RFC 4180, with its line break. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`
