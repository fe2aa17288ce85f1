// Tenants: the one that is shown with its clock and settings, and all of them.
import { coalesced, problemOf } from '../lib/ask.js'
import { button, curlOf, Field, isSure, note, pane, problemLine, snippet } from '../lib/pane.js'
import { clockPanel } from '../room/clock.js'
import { tenantsTexts } from '../texts/tenants.js'

/**
 * @typedef {{ url?: string, nextSeed?: string | null, hasToken?: boolean, name: string, createdAt?: string | number, seed?: string, overrides?: boolean, clock?: { mode: string, now: string }, [more: string]: unknown }} Tenant As the API shows it.
 */

const nameForm = /^[a-z0-9][a-z0-9-]{0,39}$/

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(tenantsTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(tenantsTexts)
  let isOver = false
  const isDefault = app.tenant === 'default'

  // The tenant of this page.
  const facts = el('dl', { class: 'facts', 'data-testid': 'tenant-facts' })
  const ownProblem = problemLine(app, 'tenant-problem')
  const overrides = el('input', {
    type: 'checkbox',
    class: 'check-input',
    id: 'tenant-overrides',
    'data-testid': 'tenant-overrides',
    onchange: () => void change({ overrides: overrides.checked }),
  })
  const seed = new Field(
    el('input', {
      class: 'input mono',
      id: 'reset-seed',
      autocomplete: 'off',
      spellcheck: 'false',
      maxlength: '100',
      'data-testid': 'reset-seed',
    }),
    t('seed'),
    t('seed.hint'),
  )
  const keepsScenarios = el('input', {
    type: 'checkbox',
    class: 'check-input',
    id: 'reset-keep',
    checked: true,
    'data-testid': 'reset-keep',
  })
  const resetLine = snippet(app, t('command'), 'reset-curl')

  const resetBody = () => ({
    ...(seed.value !== '' && { seed: seed.value }),
    scenarios: keepsScenarios.checked ? 'keep' : 'default',
  })
  const drawReset = () => resetLine.set(curlOf(app, 'POST', '/reset', resetBody()))
  seed.control.addEventListener('input', drawReset)
  keepsScenarios.addEventListener('change', drawReset)

  const token = new Field(
    el('input', {
      class: 'input mono',
      id: 'tenant-token',
      type: 'password',
      autocomplete: 'off',
      'data-testid': 'tenant-token',
    }),
    t('token'),
    t('token.hint'),
  )
  const tokenForm = el(
    'form',
    {
      class: 'tenant-make',
      novalidate: true,
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault()
        const wanted = token.value
        token.control.value = ''
        void change({ token: wanted === '' ? null : wanted })
      },
    },
    token.root,
    el('button', { class: 'button', type: 'submit', 'data-testid': 'tenant-token-set' }, t('token.set')),
  )

  /** @param {Tenant} tenant */
  function drawOwn(tenant) {
    overrides.checked = tenant.overrides === true
    const at = tenant.createdAt === undefined ? Number.NaN : new Date(tenant.createdAt).getTime()
    facts.replaceChildren(
      ...[
        [t('name'), tenant.name],
        [t('seed'), tenant.seed ?? t('seed.none')],
        [t('seed.next'), tenant.nextSeed === undefined ? '' : (tenant.nextSeed ?? t('seed.none'))],
        [t('token'), t(tenant.hasToken === true ? 'token.yes' : 'token.no')],
        [t('made'), Number.isNaN(at) ? '' : app.format.dateTime(at)],
        [t('address'), tenant.url ?? ''],
      ].flatMap(([name = '', value = '']) =>
        value === '' ? [] : [el('div', null, el('dt', null, name), el('dd', { class: 'mono' }, value))],
      ),
    )
  }

  /** @param {Record<string, unknown>} body */
  async function change(body) {
    ownProblem.show(undefined)
    try {
      await app.api.put('/tenant', body)
      app.announce(t('changed'))
    } catch (error) {
      ownProblem.show(error)
    }
    await load()
  }

  async function reset() {
    const sure = await isSure(app, {
      title: t('reset.title', { name: app.tenant }),
      words: t('reset.words'),
      yes: t('reset'),
    })
    if (!sure) return
    ownProblem.show(undefined)
    try {
      await app.api.post('/reset', resetBody())
      await app.askClock()
      app.announce(t('reset.done', { name: app.tenant }))
      seed.control.value = ''
      drawReset()
    } catch (error) {
      ownProblem.show(error)
    }
    await load()
  }

  // All tenants.
  const list = el('tbody', { 'data-testid': 'tenants' })
  const table = el(
    'table',
    { class: 'plain-table tenants-table', 'aria-labelledby': 'tenants-all', hidden: true },
    el(
      'thead',
      null,
      el(
        'tr',
        null,
        el('th', { scope: 'col' }, t('name')),
        el('th', { scope: 'col' }, t('clock')),
        el('th', { scope: 'col' }, t('seed')),
        el('th', { scope: 'col' }, el('span', { class: 'unseen' }, t('do'))),
      ),
    ),
    list,
  )
  const closed = el('div')
  const listProblem = problemLine(app, 'tenants-problem')

  /** @param {Tenant} tenant */
  const row = ({ name, clock, seed: own }) =>
    el(
      'tr',
      { class: name === app.tenant && 'is-hit', 'data-testid': `tenant-${name}` },
      el(
        'td',
        null,
        name === app.tenant
          ? el('b', { 'aria-current': 'true' }, name)
          : el('a', { href: app.consoleOf(name), 'data-testid': `tenant-open-${name}` }, name),
        name === app.tenant && el('span', { class: 'quiet' }, ` ${t('here')}`),
      ),
      el(
        'td',
        null,
        clock === undefined
          ? ''
          : clock.mode === 'frozen'
            ? t('clock.frozen', { time: app.format.dateTime(Date.parse(clock.now)) })
            : t('clock.runs'),
      ),
      el('td', { class: 'mono' }, own ?? ''),
      el(
        'td',
        { class: 'row-ways' },
        name !== 'default' &&
          button(t('drop'), () => void drop(name), {
            'aria-label': t('drop.named', { name }),
            'data-testid': `tenant-drop-${name}`,
          }),
      ),
    )

  /** @param {string} name */
  async function drop(name) {
    const sure = await isSure(app, { title: t('drop.title', { name }), words: t('drop.words'), yes: t('drop') })
    if (!sure) return
    listProblem.show(undefined)
    try {
      await app.operatorApi.delete(`/tenants/${name}`)
      app.announce(t('drop.done', { name }))
      if (name === app.tenant) {
        location.assign(`${app.consoleOf('default')}/tenants`)
        return
      }
    } catch (error) {
      listProblem.show(error)
    }
    await load()
  }

  /** @param {string} name */
  async function make(name) {
    listProblem.show(undefined)
    try {
      await app.operatorApi.put(`/tenants/${name}`, {})
      location.assign(app.consoleOf(name))
    } catch (error) {
      listProblem.show(error)
    }
  }

  const fresh = new Field(
    el('input', {
      class: 'input mono',
      id: 'tenant-new',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      maxlength: '40',
      placeholder: 'checkout-7',
      'data-testid': 'tenant-new',
    }),
    t('new'),
    t('new.hint'),
  )

  const load = coalesced(async () => {
    try {
      /** @type {Tenant} */
      const own = await app.api.get('/tenant')
      if (isOver) return
      drawOwn(own)
    } catch (error) {
      if (!isOver) ownProblem.show(error)
    }
    try {
      /** @type {{ tenants: readonly Tenant[] }} */
      const { tenants } = await app.operatorApi.get('/tenants')
      if (isOver) return
      closed.replaceChildren()
      table.hidden = false
      list.replaceChildren(...tenants.map(row))
    } catch (error) {
      if (isOver) return
      const { status } = problemOf(error)
      if (status === 401 || status === 403) {
        table.hidden = true
        closed.replaceChildren(
          note(
            'tenants-closed',
            t('closed'),
            t('closedText'),
            el('a', { class: 'button', href: `${app.consoleOf('default')}/tenants` }, t('toDefault')),
          ),
        )
      } else listProblem.show(error)
    }
  })

  const clock = clockPanel(app)
  root.append(
    el('p', { class: 'view-about' }, t('about')),
    el(
      'div',
      { class: 'tenants-layout' },
      el(
        'div',
        null,
        pane(
          'tenant-own',
          t('own', { name: app.tenant }),
          isDefault ? t('own.default') : t('own.text'),
          ownProblem.node,
          facts,
          el(
            'div',
            { class: 'check' },
            overrides,
            el('label', { for: 'tenant-overrides' }, t('overrides')),
            el('p', { class: 'field-hint' }, t('overrides.hint')),
          ),
          tokenForm,
          app.signIn.isSignedIn &&
            el(
              'p',
              { class: 'form-actions' },
              button(
                t('signOut'),
                () => {
                  app.signIn.signOut()
                  location.reload()
                },
                { 'data-testid': 'sign-out' },
              ),
            ),
        ),
        pane('tenant-clock', t('clock.title'), undefined, clock.node),
      ),
      el(
        'div',
        null,
        pane(
          'tenants-all',
          t('all'),
          t('all.text'),
          listProblem.node,
          table,
          closed,
          el(
            'form',
            {
              class: 'tenant-make',
              novalidate: true,
              onsubmit: (/** @type {SubmitEvent} */ event) => {
                event.preventDefault()
                const isName = nameForm.test(fresh.value)
                fresh.complain(isName ? undefined : t('new.form'))
                if (isName) void make(fresh.value)
                else fresh.control.focus()
              },
            },
            fresh.root,
            el('button', { class: 'button primary', type: 'submit', 'data-testid': 'tenant-make' }, t('new.go')),
          ),
        ),
        pane(
          'tenant-reset',
          t('reset.pane'),
          t('reset.text'),
          seed.root,
          el('div', { class: 'check' }, keepsScenarios, el('label', { for: 'reset-keep' }, t('reset.keep'))),
          el(
            'p',
            { class: 'form-actions' },
            button(t('reset'), () => void reset(), { class: 'danger', 'data-testid': 'reset' }),
          ),
          resetLine.node,
        ),
      ),
    ),
  )
  drawReset()
  const offs = [app.events.on('reconnect', () => void load()), clock.unmount]
  await load()
  return {
    unmount() {
      isOver = true
      for (const off of offs) off()
    },
    query() {},
  }
}
