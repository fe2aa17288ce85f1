/** What an app's device information tells the risk engine. Spec: EMV 3-D Secure SDK, device information; ACS-VAL-56. */
import { decodeBase64url } from '../protocol/base64url.ts'

export type AppDevice = { readonly language?: string | undefined; readonly ip?: string | undefined }

/** Longer texts are none of these parameters. */
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 64 ? value : undefined

/** Locale (C005) and IP address (C010); nothing where it is not what it should be. */
export function deviceInfoOf(deviceInfo: string | undefined): AppDevice {
  if (deviceInfo === undefined) return {}
  const bytes = decodeBase64url(deviceInfo)
  if (bytes === undefined) return {}
  try {
    const { DD } = JSON.parse(bytes.toString('utf8')) as { readonly DD?: Readonly<Record<string, unknown>> }
    const ip = text(DD?.C010)
    return {
      language: text(DD?.C005)?.replace('_', '-'),
      ip: ip !== undefined && /^[0-9a-f.:]{2,45}$/i.test(ip) ? ip : undefined,
    }
  } catch {
    return {}
  }
}
