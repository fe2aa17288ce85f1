// Card numbers that hit a row: of a range, with an ending, and a check digit that is right.
import { schemes } from '../../tables.js'

/** @typedef {{ from: string, to: string, scheme: string, mode: 'scripted' | 'risk' }} Range */

/** @param {string} number */
const isLuhn = (number) => {
  let sum = 0
  for (const [i, digit] of [...number].reverse().entries()) {
    const doubled = Number(digit) * 2
    sum += i % 2 === 0 ? Number(digit) : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** A number of the range with this ending whose check digit is right. @param {Range} range @param {string} ending */
export function exampleOf(range, ending) {
  const length = range.scheme === 'amex' ? 15 : 16
  const lead = range.from.padEnd(length - ending.length - 1, '0')
  const filler = '0123456789'.split('').find((digit) => isLuhn(`${lead}${digit}${ending}`)) ?? '0'
  return `${lead}${filler}${ending}`
}

/** In groups, as it is printed on a card. @param {string} number */
export const grouped = (number) =>
  number.length === 15 ? number.replace(/^(\d{4})(\d{6})(\d{5})$/, '$1 $2 $3') : number.replace(/(\d{4})(?=\d)/g, '$1 ')

/** @param {string} scheme */
export const schemeName = (scheme) => schemes.get(scheme) ?? scheme
