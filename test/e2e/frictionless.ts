// Purchases that end without a challenge, from the catalogue to the result.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  challengeOf,
  expectFrictionless,
  house,
  journaled,
  pay,
  resultPage,
  scriptedCard,
  serverStatus,
  type Town,
} from './support.ts'

export const frictionless = ({ main, visit }: Town) =>
  describe('without a challenge', () => {
    test('a scripted card is authenticated, after a 3DS Method that ran and told the ACS of the device (FLOW-MTH-1, FLOW-MTH-3)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      await pay(someone, { card: '4000000000005100', cart: { notebook: 2, umbrella: 1 } })
      const { shown, acs, server } = await expectFrictionless(someone, { outcome: 'Y', transStatus: 'Y' })
      expect(shown).toMatchObject({ eci: '05', authenticationValue: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/) })
      expect(shown.card).toBe('400000******5100')
      expect(server.authenticationValue).toBe(shown.authenticationValue)
      expect(acs).toMatchObject({ decidedBy: 'scenario' })
      const [areq] = journaled(acs, 'AReq')
      expect(areq).toMatchObject({ threeDSCompInd: 'Y', browserJavascriptEnabled: true, browserLanguage: 'en-GB' })
      expect(areq).toMatchObject({ purchaseAmount: '8000' })
      // The engine saw what the 3DS Method sent; without it this would be "browser".
      expect(acs.facts.device).toMatch(/^(method|id)$/)
      expect(someone.complaints).toEqual([])
    })

    test('the engine alone lets coffee pass, asks about headphones and rejects five gift cards for someone else', async ({
      onTestFinished,
    }) => {
      const own = await house()
      onTestFinished(own.close)
      const someone = await visit(own, onTestFinished, 'ja')
      const card = '4111110000000021'
      await pay(someone, { card, cart: { coffee: 1 } })
      const coffee = await expectFrictionless(someone, { outcome: 'Y', transStatus: 'Y' })
      expect(coffee.acs.decidedBy).toBe('engine')
      expect(journaled(coffee.acs, 'AReq')[0]).toMatchObject({ threeDSCompInd: 'Y', purchaseAmount: '1480' })
      await pay(someone, { card, cart: { headphones: 1 } })
      await challengeOf(someone)
      await someone.at('give-up').click()
      expect(await resultPage(someone)).toMatchObject({ outcome: 'gaveUp' })
      await pay(someone, { card, cart: { gift: 5 }, shipsElsewhere: true })
      const gifts = await expectFrictionless(someone, { outcome: 'R', transStatus: 'R', reason: '11' })
      expect(gifts.acs.decidedBy).toBe('engine')
      expect(gifts.shown.title).toBe('カード会社による拒否 – お支払いできません')
      expect(someone.complaints).toEqual([])
    })

    test.for([
      { transStatus: 'A', ending: '500', title: 'Authentication attempted – order placed', eci: '06' },
      { transStatus: 'N', ending: '201', reason: '01', title: 'Not authenticated – payment declined', eci: '07' },
      {
        transStatus: 'U',
        ending: '322',
        reason: '22',
        title: 'Authentication not possible – order not placed',
        eci: '07',
      },
      { transStatus: 'I', ending: '600', wish: { challengeInd: '05' }, title: 'Information only', eci: '07' },
    ])(
      'transStatus $transStatus comes to the result page in words (RES-EX-1)',
      async ({ transStatus, ending, reason, wish = {}, title, eci }, { onTestFinished }) => {
        const someone = await visit(main(), onTestFinished)
        await pay(someone, { card: scriptedCard(ending), ...wish })
        const { shown, acs } = await expectFrictionless(someone, {
          outcome: transStatus,
          transStatus,
          ...(reason !== undefined && { reason }),
        })
        expect(shown.title).toContain(title)
        expect(shown.eci).toBe(eci)
        expect(acs.decidedBy).toBe('scenario')
        expect(someone.complaints).toEqual([])
      },
    )

    test('a stolen card is rejected with reason 10, which the page puts in words', async ({ onTestFinished }) => {
      const someone = await visit(main(), onTestFinished)
      await pay(someone, { card: '4111110000000112' })
      const { shown } = await expectFrictionless(someone, { outcome: 'R', transStatus: 'R', reason: '10' })
      expect(shown['transStatusReason-meaning']).toBe('card reported stolen')
    })

    test('a card of nobody is answered by the DS: authentication is not possible (FLOW-DS-2)', async ({
      onTestFinished,
    }) => {
      const someone = await visit(main(), onTestFinished)
      await pay(someone, { card: '4999990000000001' })
      const shown = await resultPage(someone)
      expect(shown).toMatchObject({
        outcome: 'U',
        title: 'Authentication not possible – order not placed',
        transStatus: 'U',
      })
      const status = await serverStatus(main(), shown.threeDSServerTransID ?? '')
      expect(status).toMatchObject({ phase: 'settled', settledBy: 'ARes', transStatus: 'U' })
      expect(someone.complaints).toEqual([])
    })

    test('a card that the DS routes to an ACS which does not know it ends with error 305 about acctNumber, in words (ACS-VAL-59)', async ({
      onTestFinished,
    }) => {
      const dir = mkdtempSync(join(tmpdir(), 'sekisho-e2e-'))
      const issuer = join(dir, 'issuer.yaml')
      const whole = readFileSync(new URL('../../src/acs/data/issuer.yaml', import.meta.url), 'utf8')
      writeFileSync(issuer, whole.replace(/^.*'352800'.*$/m, ''))
      const bank = await house({ only: ['acs'], issuer })
      const market = await house({ only: ['ds', '3ds-server', 'shop'], acsUrl: `${bank.acs}/acs` })
      onTestFinished(async () => {
        await market.close()
        await bank.close()
        rmSync(dir, { recursive: true })
      })
      const someone = await visit(market, onTestFinished)
      await pay(someone, { card: '3528000000000100' })
      const shown = await resultPage(someone)
      expect(shown).toMatchObject({
        outcome: 'Erro',
        title: 'Authentication failed with an error – order not placed',
        errorCode: '305',
        errorComponent: 'A',
      })
      expect(shown.errorDetail).toContain('acctNumber')
      expect(shown['errorCode-meaning']).toMatch(/\w+ \w+/)
      const status = await serverStatus(market, shown.threeDSServerTransID ?? '')
      expect(status).toMatchObject({ phase: 'settled', settledBy: 'Erro', erro: { errorCode: '305' } })
      expect(status.transStatus).toBeUndefined()
      expect(someone.complaints).toEqual([])
    })
  })
