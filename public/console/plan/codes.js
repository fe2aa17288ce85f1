// Codes that forms offer: transStatusReason, challengeCancel.
import { reasonWords } from '../texts/words.js'

/** 14 belongs to the RReq. @param {'ARes' | 'RReq'} message */
export const reasonCodesOf = (message) =>
  Object.keys(reasonWords.en)
    .filter((code) => message === 'RReq' || code !== '14')
    .sort()

export const cancelCodes = /** @type {const} */ (['01', '03', '04', '05', '06', '07', '08', '09', '10'])
