// The same purchase in the other versions of the protocol: chosen at the checkout, or by the card's range.
import { describe, expect, test } from 'vitest'
import {
  challenged,
  enter,
  expectChallenged,
  expectFrictionless,
  journaled,
  mails,
  pay,
  reads,
  type Town,
} from './support.ts'

const coded = { outcome: 'Y', transStatus: 'Y', counter: '01' } as const

export const versions = ({ main, visit }: Town) =>
  describe('in another version', () => {
    test.for([
      { chosen: '2.1.0', version: '2.1.0', lang: 'ja' },
      { chosen: 'highest', version: '2.3.1', lang: 'en' },
    ] as const)(
      'is challenged and passed: $chosen (FLOW-PRE-6, FLOW-GEN-6, VER-22-6, VER-23-4)',
      async ({ chosen, version, lang }, { onTestFinished }) => {
        const someone = await visit(main(), onTestFinished, lang)
        const acsTransID = await challenged(someone, { card: '4000000000007700', messageVersion: chosen })
        const [mail] = await mails(main(), acsTransID)
        await enter(someone, mail?.code ?? '')
        const { shown, acs, server } = await expectChallenged(someone, coded)
        expect(shown.messageVersion).toBe(version)
        expect(server).toMatchObject({ messageVersion: version, resultsStatus: '01' })
        for (const type of ['AReq', 'ARes', 'CReq', 'RReq', 'RRes'])
          expect(journaled(acs, type).map(({ messageVersion }) => messageVersion)).toEqual([version])
        const [areq] = journaled(acs, 'AReq')
        const [rreq] = journaled(acs, 'RReq')
        if (version === '2.1.0') {
          expect(areq).not.toHaveProperty('browserJavascriptEnabled')
          expect(areq).not.toHaveProperty('acceptLanguage')
          expect(rreq).toMatchObject({ authenticationType: '02' })
        } else {
          expect(areq).toMatchObject({
            threeDSRequestorChallengeInd: ['01'],
            browserJavascriptEnabled: true,
            acceptLanguage: [expect.stringContaining('en-GB')],
            acquirerCountryCode: '392',
            acquirerCountryCodeSource: '01',
          })
          expect(rreq?.authenticationMethod).toEqual([expect.stringMatching(/^\d\d$/)])
          expect(rreq).not.toHaveProperty('authenticationType')
        }
        expect(someone.complaints).toEqual([])
      },
    )

    test('a wrong code and then the right one end a challenge of 2.3.1 with Y (VER-23-34)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      const acsTransID = await challenged(someone, { card: '4000000000008700', messageVersion: '2.3.1' })
      const [mail] = await mails(main(), acsTransID)
      await enter(someone, String((Number(mail?.code) + 1) % 1_000_000).padStart(6, '0'))
      await reads(someone.frame.getByTestId('tries-left'), 'Tries left: 2')
      await enter(someone, mail?.code ?? '')
      await expectChallenged(someone, { ...coded, counter: '02' })
    })

    test.for(['2.1.0', '2.3.1'])('is let pass without a challenge: %s', async (messageVersion, { onTestFinished }) => {
      const someone = await visit(main(), onTestFinished)
      await pay(someone, { card: '4000000000005100', messageVersion })
      const { shown, server } = await expectFrictionless(someone, { outcome: 'Y', transStatus: 'Y' })
      expect(shown).toMatchObject({ messageVersion, authenticationValue: server.authenticationValue })
    })
  })
