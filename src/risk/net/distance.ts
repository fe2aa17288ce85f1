/** Great-circle distance: both places in degrees, the earth a sphere. */
export type Position = { readonly lat: number; readonly lon: number }

const earth = 6_371.0088 // km, mean radius
const radians = Math.PI / 180

export function kmBetween(a: Position, b: Position): number {
  const north = Math.sin(((b.lat - a.lat) * radians) / 2)
  const east = Math.sin(((b.lon - a.lon) * radians) / 2)
  const part = north * north + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * east * east
  return 2 * earth * Math.asin(Math.min(1, Math.sqrt(part)))
}
