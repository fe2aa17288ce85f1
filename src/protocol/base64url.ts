// base64url as it travels through a browser. Spec: section 6.1.4 [Req 119, 263]; FLOW-GEN-4, TOL-5.

/** UTF-8, base64url, no padding. */
export const encodeBase64url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url')

const alphabet = /^[A-Za-z0-9_+/-]+={0,2}$/

/**
 * Bytes of a base64url text; padding and the standard alphabet are tolerated, a `+` that a form turned into a space is
 * restored (MIS-B64-5). `undefined` when it is not base64 at all.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const restored = text.trim().replaceAll(' ', '+')
  if (!alphabet.test(restored)) return undefined
  if (restored.replaceAll('=', '').length % 4 === 1) return undefined
  return Buffer.from(restored.replaceAll('+', '-').replaceAll('/', '_'), 'base64url')
}
