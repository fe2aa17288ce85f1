// Addresses of a run as placeholders: ports and hosts say nothing about what happened. Pure.

/** Placeholder by address, such as `http://localhost:9440/acs` → `{acs}`. */
export type Places = Readonly<Record<string, string>>

/** The parties by the first step of their paths. */
const steps = 'acs|ds|3ds-server|shop|inbox|console|api'
const names: Readonly<Record<string, string>> = { '3ds-server': '3dss' }

// An address of this machine is one of ours by its path, whatever the port and the tenant; another one is somebody's nearby.
const local = new RegExp(
  `https?://(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]{1,5})?((?:/t/[a-z0-9][a-z0-9-]{0,39})?/(${steps})(?![A-Za-z0-9_-]))?`,
  'g',
)

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** A function that puts placeholders into texts. */
export function placeholders(places: Places): (text: string) => string {
  const known = Object.keys(places).sort((one, other) => other.length - one.length)
  const own = known.length === 0 ? undefined : new RegExp(`(${known.map(escaped).join('|')})(?![A-Za-z0-9_-])`, 'g')
  return (text) => {
    if (!text.includes('://')) return text
    const named = own === undefined ? text : text.replace(own, (address) => places[address] ?? address)
    return named.replace(local, (_address, _path, step?: string) =>
      step === undefined ? '{nearby}' : `{${names[step] ?? step}}`,
    )
  }
}
