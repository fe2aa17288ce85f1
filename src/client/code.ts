// Codes of one-time passwords, right and wrong.

/** A code of the same length that is surely another. */
export const wrongCode = (code: string): string =>
  code.replace(/[0-9]/g, (digit) => String((Number(digit) + 1) % 10)) || '000000'
