/** Great-circle distance: both places in degrees, the earth a sphere. */
const earth = 6_371.0088 // km, mean radius
const radians = Math.PI / 180

export function kmBetween(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const north = Math.sin(((lat2 - lat1) * radians) / 2)
  const east = Math.sin(((lon2 - lon1) * radians) / 2)
  const part = north * north + Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * east * east
  return 2 * earth * Math.asin(Math.min(1, Math.sqrt(part)))
}
