// docs/checks.md, made of the checks themselves: what each reads, weighs and says. Run by `npm run docs`.
import type { Check } from '../risk/check.ts'
import { checks } from '../risk/checks.ts'
import { featureNames } from '../risk/features.ts'

/** What vendors and the industry body say that they look at, and where its knowledge comes from where no check can have it alone. */
export const seeds: Readonly<Record<string, readonly [what: string, note?: string]>> = {
  'EM-1': [
    'the mail address can be delivered to',
    'syntax, suffix, dead domains and slips offline; a mail box by the signal `mailDeliverable`',
  ],
  'EM-2': ['an alias of a mail box that was seen'],
  'EM-3': ['a throw-away domain'],
  'EM-4': ['a suspicious domain'],
  'EM-5': ['a mail address known for this card, or for fraud'],
  'NA-1': ['the same person or address in another spelling'],
  'NA-2': ['kanji and kana of a name', 'the signals `kanji` and `kana`: an AReq has Latin letters only'],
  'NA-3': ['the Latin name on the card and kana', 'the signal `kana`'],
  'NA-4': ['the address exists', 'postal code and prefecture offline; a house by the signal `addressExists`'],
  'NA-5': [
    'vacant rooms, hotels, weekly mansions, post boxes',
    'patterns offline; the signals `addressVacant` and `addressKind`',
  ],
  'NA-6': ['forwarding companies'],
  'NA-7': ['ship-to unlike bill-to, new, or of many cards'],
  'DV-1': ['the same device'],
  'DV-2': ['access from abroad'],
  'DV-3': ['VPN, hosting, open proxy'],
  'DV-4': ['language or time zone unlike the place'],
  'DV-5': ['robots, headless browsers, impossible combinations'],
  'DV-6': ['devices on the negative list'],
  'DV-7': ['impossible travel'],
  'DV-8': ['a known device from an unknown network, data that come twice'],
  'PH-1': ['a possible number, and of which kind'],
  'PH-2': ['a number that answers', 'the signal `phoneReachable`'],
  'PH-3': ['the country of a number, a number with many cards'],
  'BH-1': ['much in a short time'],
  'BH-2': ['amount or hour unlike the holder’s'],
  'BH-3': ['first time here and expensive'],
  'BH-4': ['how it was typed', 'the challenge page, and the signal `behaviour`'],
  'BH-5': ['goods that thieves like'],
  'BH-6': ['numbers tried one after the other'],
  'BH-7': ['first-time discounts taken again', 'best with the signal `firstTimeOffer`'],
  'BH-8': ['failed attempts, log-ins and resets before'],
  'SN-1': ['lists that merchants share', 'labels of this issuer; the signal `sharedList`'],
  'SN-2': ['merchants with manifest fraud'],
  'SN-3': ['a merchant’s other standing'],
}

const code = (text: string): string => `\`${text}\``
const listed = (texts: readonly string[]): string => (texts.length === 0 ? 'none' : texts.map(code).join(', '))
const cell = (text: string): string => text.replaceAll('|', '\\|')

function section({ id, family, seeds: answers, paths, words, reasons, silent }: Check): readonly string[] {
  const parameters = Object.entries(words.en.params)
  return [
    `## ${words.en.title}`,
    '',
    `${code(id)} · ${words.ja.title} · ${family}${answers.length > 0 ? ` · ${answers.join(', ')}` : ''}`,
    '',
    words.en.about,
    '',
    `Reads ${paths.length === 0 ? 'no element' : listed(paths)}.`,
    '',
    ...(parameters.length === 0
      ? []
      : [
          '| Parameter | What it is |',
          '| --- | --- |',
          ...parameters.map(([path, text]) => `| ${code(path)} | ${cell(text)} |`),
          '',
        ]),
    '| It says | In words |',
    '| --- | --- |',
    ...Object.entries(reasons).map(([reason, { en, ja }]) => `| ${code(reason)} | ${cell(en)}<br>${cell(ja)} |`),
    ...Object.entries(silent).map(([reason, { en, ja }]) => `| nothing: ${reason} | ${cell(en)}<br>${cell(ja)} |`),
    '',
  ]
}

/** What vendors say they do → who does it here. */
function seedTable(): readonly string[] {
  const by = (id: string): string =>
    listed(checks.filter(({ seeds: answers }) => answers.includes(id)).map((one) => one.id))
  return [
    '| What others check | Here | By |',
    '| --- | --- | --- |',
    ...Object.entries(seeds).map(([id, [what, note]]) => `| ${id} ${what} | ${by(id)} | ${note ?? ''} |`),
  ]
}

export const checksPage = (): string =>
  [
    '# Checks',
    '',
    '<!-- made by `npm run docs`; do not edit -->',
    '',
    `A check looks at one thing and gives evidence in log-odds (above 0 speaks for fraud), or abstains and says why. It does not decide: a [policy](policies.md) says which checks count and how much, and what follows. There are ${checks.length}, and ${featureNames.length} features that they, rules and models may read.`,
    '',
    'A check is one file in `src/risk/checks` with its words and its test, and one line in a policy.',
    '',
    ...seedTable(),
    '',
    ...checks.flatMap(section),
    '## Features',
    '',
    'Numbers about an AReq and what came before it; a window leaves the event itself out. What cannot be known is not 0.',
    '',
    ...featureNames.map((name) => `- ${code(name)}`),
    '',
  ].join('\n')
