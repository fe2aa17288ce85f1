// What there is to know about one element.
import { copyButton } from '../../lib/copy.js'
import { elementsTexts } from '../../texts/elements.js'

/** @typedef {import('../../app.js').App} App */
/** @typedef {'app' | 'browser' | '3RI'} Channel */
/** @typedef {Readonly<Partial<Record<Channel | 'all', string>>>} Presence */
/**
 * @typedef {object} Facts As the API shows an element.
 * @property {string} path
 * @property {string} name
 * @property {string} title
 * @property {string} [parent]
 * @property {readonly string[]} children
 * @property {readonly string[]} versions
 * @property {readonly string[]} messages
 * @property {readonly { versions: readonly string[], words: Readonly<Record<'en' | 'ja', string>> }[]} forms
 * @property {readonly { message: string, in: Readonly<Record<string, Presence>> }[]} presence
 * @property {Readonly<Record<string, string>>} [use]
 * @property {readonly { text: string, isComputed?: boolean, versions?: readonly string[], messages?: readonly string[], channels?: readonly string[], categories?: readonly string[] }[]} conditions
 * @property {readonly { code: string, title: string, versions: readonly string[] }[]} codes
 * @property {readonly { version: string, message: string, codes: string }[]} narrowed
 * @property {{ range: string, versions: readonly string[] }} [dsCodes]
 * @property {readonly { versions: readonly string[], ranges: readonly string[] }[]} reserved
 * @property {readonly string[]} rules
 * @property {readonly { version: string, name: string, path?: string }[]} otherNames
 * @property {readonly string[]} source
 * @property {string} [note]
 * @property {readonly { versions: readonly string[], message: string, value: unknown }[]} examples
 */

const allVersions = ['2.1.0', '2.2.0', '2.3.1']

/**
 * @param {App} app
 * @param {Facts} facts
 * @param {(path: string) => string} addressOf
 */
export function elementDetail(app, facts, addressOf) {
  const { el } = app
  const t = app.texts(elementsTexts)
  const { path, title, versions, parent, use } = facts

  /** @param {readonly string[]} of */
  const only = (of) => (of.length === versions.length ? false : el('span', { class: 'element-only' }, of.join(', ')))
  /** @param {string} to @param {string} [text] */
  const link = (to, text = to) => el('a', { href: addressOf(to) }, el('code', null, text))
  /** @param {string} term @param {...(Node | string | false | (Node | string | false)[])} what */
  const fact = (term, ...what) => el('div', null, el('dt', null, term), el('dd', null, ...what))
  /** @param {string} text */
  const english = (text) => el('span', { lang: 'en' }, text)

  /** @param {Presence | undefined} presence */
  const presenceCell = (presence) =>
    presence === undefined
      ? '–'
      : Object.entries(presence).map(([channel, letters]) =>
          el(
            'span',
            { class: 'element-presence' },
            channel !== 'all' &&
              `${t(channel === 'app' ? 'channel.app' : channel === 'browser' ? 'channel.browser' : 'channel.3RI')} `,
            el('b', null, letters.replace('-', '–')),
          ),
        )

  const presenceRows =
    use === undefined
      ? facts.presence.map(({ message, in: columns }) => ({
          head: /** @type {Node | string} */ (message),
          cells: allVersions.map((version) => presenceCell(columns[version])),
        }))
      : [
          {
            head: el('span', null, t('within', { parent: parent ?? '' })),
            cells: allVersions.map((version) =>
              presenceCell(use[version] === undefined ? undefined : { all: use[version] }),
            ),
          },
        ]

  /** @param {string} heading @param {...(Node | false | (Node | false)[])} what */
  const part = (heading, ...what) => el('section', { class: 'element-part' }, el('h3', null, heading), ...what)

  const codes =
    facts.codes.length > 0 &&
    part(
      t('codes'),
      el(
        'table',
        { class: 'plain-table element-codes' },
        el(
          'thead',
          null,
          el(
            'tr',
            null,
            el('th', { scope: 'col' }, t('code')),
            el('th', { scope: 'col' }, t('meaning')),
            el('th', { scope: 'col' }, t('versions')),
          ),
        ),
        el(
          'tbody',
          null,
          facts.codes.map((code) =>
            el(
              'tr',
              null,
              el('th', { scope: 'row' }, el('code', null, code.code)),
              el('td', { lang: 'en' }, code.title === code.code ? '' : code.title),
              el('td', null, code.versions.length === versions.length ? t('all') : code.versions.join(', ')),
            ),
          ),
        ),
      ),
      el(
        'ul',
        { class: 'element-list quiet' },
        facts.narrowed.map(({ version, message, codes: some }) =>
          el('li', null, t('inMessage', { version, message, codes: some.replaceAll(' ', ', ') })),
        ),
        facts.dsCodes !== undefined &&
          el('li', null, t('dsCodes', { range: facts.dsCodes.range }), only(facts.dsCodes.versions)),
        facts.reserved.map(({ ranges, versions: of }) =>
          el('li', null, t('reserved', { ranges: ranges.join(', ') }), only(of)),
        ),
      ),
    )

  const conditions =
    facts.conditions.length > 0 &&
    part(
      t('conditions'),
      el(
        'ul',
        { class: 'element-list' },
        facts.conditions.map(
          ({ text, isComputed = false, versions: of = [], messages = [], channels = [], categories = [] }) => {
            const where = [...of, ...messages, ...channels, ...categories].join(', ')
            return el(
              'li',
              null,
              where !== '' && el('span', { class: 'element-only' }, where),
              english(text),
              isComputed && el('span', { class: 'element-checked' }, t('checked')),
            )
          },
        ),
      ),
    )

  const examples = part(
    t('example'),
    facts.examples.map(({ versions: of, value }, position) => {
      const text = JSON.stringify(value, null, 2)
      return el(
        'div',
        { class: 'element-example' },
        only(of),
        el(
          'pre',
          { tabindex: '0', 'aria-label': t('example'), role: 'group', 'data-testid': `example-${position}` },
          text,
        ),
        copyButton(app, () => text, { label: t('copy'), done: t('copied'), failed: t('notCopied') }),
      )
    }),
  )

  return el(
    'article',
    { class: 'pane element-card', 'data-testid': 'element' },
    el('h2', { class: 'element-title mono', tabindex: '-1' }, path),
    el('p', { class: 'element-name quiet', lang: 'en' }, title),
    el(
      'dl',
      { class: 'facts' },
      fact(t('versions'), versions.join(', ')),
      fact(t('message'), facts.messages.join(', ')),
      fact(
        t('form'),
        facts.forms.map(({ words, versions: of }) => el('p', null, words[app.lang], only(of))),
      ),
      facts.source.length > 0 && fact(t('source'), english(facts.source.join(', '))),
      facts.otherNames.length > 0 &&
        fact(
          t('otherNames'),
          facts.otherNames.map(({ version, name, path: to }) =>
            el(
              'p',
              null,
              to === undefined ? el('code', null, name) : link(to),
              ' ',
              el('span', { class: 'element-only' }, version),
            ),
          ),
        ),
      facts.rules.length > 0 &&
        fact(
          t('rules'),
          el(
            'span',
            { class: 'element-rules' },
            facts.rules.map((rule) => el('code', null, rule)),
          ),
        ),
      facts.children.length > 0 &&
        fact(
          t('members'),
          el(
            'span',
            { class: 'element-rules' },
            facts.children.map((child) => link(child, child.slice(path.length + 1))),
          ),
        ),
      parent !== undefined && fact(t('partOf'), link(parent)),
    ),
    part(
      t('presence'),
      el(
        'table',
        { class: 'plain-table element-presences' },
        el(
          'thead',
          null,
          el(
            'tr',
            null,
            el('td', null),
            allVersions.map((version) => el('th', { scope: 'col' }, version)),
          ),
        ),
        el(
          'tbody',
          null,
          presenceRows.map(({ head, cells }) =>
            el(
              'tr',
              null,
              el('th', { scope: 'row' }, head),
              cells.map((cell) => el('td', null, cell)),
            ),
          ),
        ),
      ),
      el('p', { class: 'quiet element-legend' }, t('legend')),
    ),
    conditions,
    codes,
    facts.note !== undefined && part(t('note'), el('p', { lang: 'en' }, facts.note)),
    examples,
  )
}
