// Bytes of a file to the text that is checked: UTF-8, or UTF-16 with its mark, as some shells write files.

/** A string cannot be much longer. */
const longestInput = 500_000_000

export function inputText(bytes: Uint8Array): { readonly text: string } | { readonly fault: 'notUtf8' | 'tooLarge' } {
  if (bytes.byteLength > longestInput) return { fault: 'tooLarge' }
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    return { fault: 'notUtf8' }
  }
}
