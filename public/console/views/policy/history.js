// Which policies ran: each can be compared with the one that runs, and gone back to.
import { button, pane, problemLine } from '../../lib/pane.js'
import { policyDeskTexts } from '../../texts/policy-desk.js'
import { sharedTexts } from '../../texts/shared.js'
import { changeList } from './changes.js'

/**
 * @typedef {object} Release
 * @property {number} id
 * @property {number} at
 * @property {string} hash
 * @property {'start' | 'file' | 'published' | 'rolledBack'} kind
 * @property {string} name
 * @property {number} version
 * @property {'operator' | 'tenant' | 'api' | 'file' | 'start'} by
 * @property {string} [note]
 * @property {string} [file]
 * @property {boolean} runs
 */

const pageSize = 30

/** @param {HTMLElement} root @param {import('../../app.js').App} app */
export async function historyView(root, app) {
  const { el } = app
  const t = app.texts(policyDeskTexts)
  const problem = problemLine(app, 'history-failed')
  const rows = el('tbody', { 'data-testid': 'releases' })
  const compared = el('div', { class: 'compared', role: 'status', 'data-testid': 'compared' })
  const more = button(t('more'), () => void load(next), { hidden: true })
  /** @type {number | undefined} */
  let next
  let running = ''
  let isOver = false

  /** @param {Release} release */
  const row = (release) =>
    el(
      'tr',
      { 'data-testid': `release-${release.id}` },
      el('td', null, app.format.dateTime(release.at), el('span', { class: 'quiet' }, ` #${release.id}`)),
      el(
        'td',
        null,
        el('strong', null, release.name),
        ` v${release.version} `,
        el('code', { class: 'quiet' }, release.hash),
        release.runs && el('span', { class: 'runs-mark' }, t('runs')),
      ),
      el(
        'td',
        null,
        [t(`kind.${release.kind}`), t(`by.${release.by}`), release.file ?? '']
          .filter((word) => word !== '')
          .join(' · '),
        release.note !== undefined && el('p', { class: 'release-note' }, release.note),
      ),
      el(
        'td',
        { class: 'release-actions' },
        !release.runs &&
          button(t('compare'), () => void compare(release), { 'aria-label': t('compareNamed', { id: release.id }) }),
        !release.runs &&
          release.hash !== running &&
          button(t('rollBack'), () => void rollBack(release), {
            'aria-label': t('rollBackNamed', { id: release.id }),
            class: 'roll-back',
            'data-testid': `roll-back-${release.id}`,
          }),
      ),
    )

  /** @param {number} [before] */
  async function load(before) {
    try {
      /** @type {{ releases: readonly Release[], next?: number }} */
      const found = await app.api.get(
        `/policies/releases?limit=${pageSize}${before === undefined ? '' : `&before=${before}`}`,
      )
      if (isOver) return
      if (before === undefined) rows.replaceChildren()
      running = found.releases.find(({ runs }) => runs)?.hash ?? running
      rows.append(...found.releases.map(row))
      next = found.next
      more.hidden = next === undefined
    } catch (error) {
      problem.show(error)
    }
  }

  /** @param {Release} release */
  async function compare({ id, hash }) {
    problem.show(undefined)
    try {
      /** @type {{ changes: readonly import('./changes.js').Change[] }} */
      const { changes } = await app.api.post('/policies/diff', { from: { hash }, to: { hash: running } })
      if (isOver) return
      compared.replaceChildren(
        el('h3', null, t('comparedWith', { id })),
        changes.length === 0 ? el('p', { class: 'quiet' }, t('same')) : changeList(app, changes),
      )
      compared.scrollIntoView({ block: 'nearest' })
    } catch (error) {
      problem.show(error)
    }
  }

  /** @param {Release} release */
  async function rollBack({ id, name, at }) {
    problem.show(undefined)
    const note = el('input', {
      class: 'input',
      id: 'roll-back-note',
      maxlength: '500',
      'data-testid': 'roll-back-note',
    })
    const answer = await app.dialog({
      title: t('rollBackTitle', { name, when: app.format.time(at) }),
      body: el(
        'div',
        { class: 'field' },
        el('p', null, t('rollBackText')),
        el('label', { for: 'roll-back-note' }, t('note')),
        note,
      ),
      actions: [
        { label: app.texts(sharedTexts)('cancel'), value: '' },
        { label: t('rollBackYes'), value: 'back', kind: 'primary' },
      ],
      first: 'back',
    })
    if (answer !== 'back') return
    const words = note.value.trim()
    try {
      await app.api.post(`/policies/releases/${id}/roll-back`, {
        basedOn: running,
        ...(words !== '' && { note: words }),
      })
      compared.replaceChildren()
      await load()
      app.announce(t('rolledBack', { name }))
    } catch (error) {
      problem.show(error)
      await load()
    }
  }

  root.append(
    pane(
      'policy-history',
      t('history'),
      t('historyText'),
      problem.node,
      el(
        'div',
        { class: 'table-scroll is-wide', tabindex: '0', role: 'region', 'aria-label': t('history') },
        el(
          'table',
          { class: 'plain-table releases' },
          el(
            'thead',
            null,
            el(
              'tr',
              null,
              [t('when'), t('policy'), t('how')].map((label) => el('th', { scope: 'col' }, label)),
              el('th', { scope: 'col' }, el('span', { class: 'unseen' }, t('compare'))),
            ),
          ),
          rows,
        ),
      ),
      el('p', null, more),
      compared,
    ),
  )
  await load()
  return {
    unmount() {
      isOver = true
    },
  }
}
