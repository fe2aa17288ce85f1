/**
 * Log-odds are whole multiples of 2^-30. Sums of such numbers are exact as long as they stay below 2^23, so that the sum of
 * contributions does not depend on their order and is the score itself, to the last bit.
 */
export const grains = 2 ** 30

export const most = 2 ** 22

/** The nearest multiple of 2^-30. */
export const toGrain = (value: number): number => Math.round(value * grains) / grains + 0
