/** Upper 2.5 % points of Student's t by degrees of freedom, to three decimals. Source: NIST/SEMATECH e-Handbook, 1.3.6.7.2. */
const points = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042, 2.04, 2.037, 2.035, 2.032,
  2.03, 2.028, 2.026, 2.024, 2.023, 2.021, 2.02, 2.018, 2.017, 2.015, 2.014, 2.013, 2.012, 2.011, 2.01, 2.009,
]

/** Beyond the table its last value, which is a little wide. */
export const student975 = (degrees: number): number =>
  points[Math.min(Math.max(1, degrees), points.length) - 1] ?? 2.009
