// Cards outside of all ranges of the issuer: which of them reach the risk engine, by setting. The others are Erro 305 (ACS-VAL-59),
// which keeps real cards out (SEC-LOG-5).
import { publicTestCards } from '../acs/data/public-test-cards.ts'
import type { Config } from '../config.ts'

export const takesUnlisted = ({ unknownCards }: Pick<Config, 'unknownCards'>, acctNumber: string): boolean =>
  unknownCards === 'engine' || (unknownCards === 'test-cards' && publicTestCards.has(acctNumber))
