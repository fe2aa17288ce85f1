/** AReqs of one population: holders and shops of more would not lie in the memory of any machine that is meant. */
export const mostEvents = 200_000_000
