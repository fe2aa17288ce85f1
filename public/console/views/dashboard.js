// What came through, counted. Every rate says of how many; definitions are those of docs/admin-api.md.
import { createChart, tip } from '../lib/charts.js'
import { periods } from '../lib/summary.js'
import { currencies, schemes } from '../tables.js'
import { dashboardTexts } from '../texts/dashboard.js'
import { deciderWords } from '../texts/words.js'

/** @typedef {import('../app.js').App} App */
/** @typedef {{ count: number, of: number, rate: number | null }} Rate */
/**
 * @typedef {object} Group
 * @property {string} key
 * @property {string | { en: string, ja: string }} label
 * @property {number} count
 * @property {number} frictionless
 * @property {number} challenge
 * @property {number} challengePassed
 * @property {number} challengeEnded
 * @property {number} decline
 * @property {number} other
 * @property {number | null} [p50]
 * @property {number | null} [p95]
 */
/**
 * @typedef {object} Stats
 * @property {number} from
 * @property {number} to
 * @property {number} searched
 * @property {boolean} isComplete
 * @property {number} count
 * @property {number} decided
 * @property {Record<string, number>} outcomes
 * @property {Record<'frictionless' | 'challenge' | 'completion' | 'decline' | 'challengeSuccess', Rate>} rates
 * @property {{ transStatus: string, transStatusReason: string, count: number, text: { en: string, ja: string } }[]} reasons
 * @property {Record<'open' | 'passed' | 'failed' | 'cancelled' | 'timedOut' | 'error', number>} challenges
 * @property {{ count: number, p50?: number | null, p90?: number | null, p95?: number | null, p99?: number | null, max?: number | null }} latencyMs
 * @property {Record<'scheme' | 'merchant' | 'amountBand' | 'decidedBy', Group[]>} by
 * @property {{ at: number, frictionless: number, challenge: number, decline: number, other: number, p95?: number | null }[]} series
 */

const rateNames = /** @type {const} */ (['frictionless', 'challenge', 'completion', 'decline', 'challengeSuccess'])
const kinds = /** @type {const} */ (['frictionless', 'challenge', 'decline', 'other'])
const endings = /** @type {const} */ (['passed', 'failed', 'cancelled', 'timedOut', 'error', 'open'])
const statuses = /** @type {const} */ (['Y', 'A', 'I', 'C', 'D', 'N', 'R', 'U'])
/** The list that a rate counts. */
const listOf = /** @type {const} */ ({ frictionless: 'Y', challenge: 'C', decline: 'N,R', challengeSuccess: 'C' })
/** Below this a share says little. */
const fewEvents = 20
const refreshMs = 5_000
const usualPeriod = '24h'

/** @param {App} app */
export const title = (app) => app.texts(dashboardTexts)('title')

/** @param {HTMLElement} root @param {App} app */
export async function mount(root, app) {
  const { el, format } = app
  const t = app.texts(dashboardTexts)
  const deciders = app.texts(deciderWords)
  /** @type {Stats | undefined} */
  let stats
  let isEnded = false
  let isDirty = false
  /** @type {AbortController | undefined} */
  let loading
  /** @type {{ update(): void, close(): void }[]} */
  const charts = []

  // ── Which transactions ───────────────────────────────────────────────────────────────────────

  const setting = () => {
    const query = app.query()
    return {
      last: query.get('last') ?? usualPeriod,
      scheme: query.get('scheme') ?? '',
      merchant: query.get('merchant') ?? '',
      currency: query.get('currency') ?? '',
    }
  }
  /** @param {Partial<ReturnType<typeof setting>>} change */
  const choose = (change) => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...setting(), ...change })) {
      if (value !== '' && !(name === 'last' && value === usualPeriod)) query.set(name, value)
    }
    app.setQuery(query)
    drawControls()
    void load()
  }
  const periodNames = /** @type {const} */ (['15m', '1h', '24h', '7d', 'all'])
  const periodButtons = periodNames.map((name) =>
    el(
      'button',
      { type: 'button', class: 'button', 'data-testid': `period-${name}`, onclick: () => choose({ last: name }) },
      t(`last.${name}`),
    ),
  )
  /** @param {'scheme' | 'merchant' | 'currency'} name @param {readonly (readonly [string, string])[]} options */
  const select = (name, options) => {
    const box = el(
      'select',
      { class: 'input', 'data-testid': `filter-${name}`, onchange: () => choose({ [name]: box.value }) },
      el('option', { value: '' }, t('any')),
      options.map(([value, text]) => el('option', { value }, text)),
    )
    return box
  }
  const selects = {
    scheme: select('scheme', [...schemes]),
    merchant: select('merchant', []),
    currency: select(
      'currency',
      ['392', '978', '840', '826'].map((numeric) => [numeric, currencies.get(numeric)?.alpha ?? numeric]),
    ),
  }
  const drawControls = () => {
    const now = setting()
    periodNames.forEach((name, position) => {
      periodButtons[position]?.setAttribute('aria-pressed', String(name === now.last))
    })
    for (const name of /** @type {const} */ (['scheme', 'merchant', 'currency'])) {
      const box = selects[name]
      for (const { key } of name === 'merchant' ? (stats?.by.merchant ?? []) : []) offer(box, key)
      if (now[name] !== '') offer(box, now[name])
      box.value = now[name]
    }
  }
  /** @param {HTMLSelectElement} box @param {string} value */
  const offer = (box, value) => {
    if (box.length < 200 && ![...box.options].some((option) => option.value === value)) {
      box.append(el('option', { value }, value))
    }
  }
  /** The list of the transactions that are counted. @param {Record<string, string>} more */
  const listAddress = (more) => {
    const { last, ...rest } = setting()
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...rest, ...(last !== 'all' && { last }), ...more })) {
      if (value !== '') query.set(name, value)
    }
    return app.href(`?${query}`)
  }

  // ── Pieces ───────────────────────────────────────────────────────────────────────────────────

  /** @param {string} heading @param {string} name @param {...(Node | string)} content */
  const panel = (heading, name, ...content) =>
    el(
      'section',
      { class: `panel board-${name}`, 'aria-labelledby': `board-${name}`, 'data-testid': `board-${name}` },
      el('h2', { id: `board-${name}` }, heading),
      content,
    )
  /** @param {readonly string[]} heads @param {readonly (readonly (string | number)[])[]} rows @param {string} label */
  const tableOf = (heads, rows, label) =>
    el(
      'table',
      { class: 'numbers', 'aria-label': label },
      el(
        'thead',
        null,
        el(
          'tr',
          null,
          heads.map((text) => el('th', { scope: 'col' }, text)),
        ),
      ),
      el(
        'tbody',
        null,
        rows.map(([first, ...more]) =>
          el(
            'tr',
            null,
            el('th', { scope: 'row' }, first),
            more.map((cell) => el('td', null, cell)),
          ),
        ),
      ),
    )
  /** A chart with its table. @param {string} heading @param {string} name @param {string} [text] */
  const figure = (heading, name, text) => {
    const place = el('div', { class: 'chart', 'data-testid': `chart-${name}` })
    const legend = el('ul', { class: 'legend', 'aria-hidden': 'true' })
    const table = el('div', { class: 'table-place', tabindex: 0, role: 'region', 'aria-label': heading })
    const words = el('p', { class: 'sub' }, text ?? '')
    const details = el('details', null, el('summary', null, t('asTable')), table)
    return { place, legend, table, words, box: panel(heading, name, words, legend, place, details) }
  }
  /** @param {readonly { name: string, n: number, of: number }[]} parts */
  const strip = (parts) =>
    el(
      'span',
      { class: 'strip', 'aria-hidden': 'true' },
      parts
        .filter(({ n }) => n > 0)
        .map(({ name, n, of }) =>
          el('i', { class: `part of-${name}`, style: { width: `${(100 * n) / Math.max(1, of)}%` } }),
        ),
    )
  /** @param {Group['label']} label */
  const wordOf = (label) => (typeof label === 'string' ? label : label[app.lang])

  const tiles = el('ul', { class: 'tiles', 'data-testid': 'rates' })
  const remark = el('p', { class: 'remark', 'data-testid': 'remark' })
  const overTime = figure(t('overTime'), 'time')
  const outcome = figure(t('outcomes'), 'outcomes')
  const outcomeList = el('ul', { class: 'shares' })
  outcome.place.after(outcomeList)
  const challenges = el('div', null)
  const percentiles = el('dl', { class: 'percentiles' })
  const latency = figure(t('latency'), 'latency')
  latency.place.before(percentiles)
  const reasons = el('div', null)
  const groups = {
    scheme: el('div', { class: 'table-place' }),
    merchant: el('div', { class: 'table-place' }),
    amountBand: el('div', { class: 'table-place' }),
    decidedBy: el('div', { class: 'table-place' }),
  }
  for (const [name, place] of Object.entries(groups)) {
    place.tabIndex = 0
    place.setAttribute('role', 'region')
    place.setAttribute('aria-label', t(groupTitles[/** @type {keyof typeof groupTitles} */ (name)]))
  }
  const board = el(
    'div',
    { class: 'board', hidden: true },
    tiles,
    overTime.box,
    outcome.box,
    panel(t('challenges'), 'challenges', challenges),
    latency.box,
    panel(t('reasons'), 'reasons', reasons),
    panel(t('byScheme'), 'scheme', groups.scheme),
    panel(t('byMerchant'), 'merchant', groups.merchant),
    panel(t('byAmount'), 'amount', groups.amountBand),
    panel(t('byDecider'), 'decider', groups.decidedBy),
  )
  const note = el('div', null)

  // ── Drawing ──────────────────────────────────────────────────────────────────────────────────

  /** @param {Stats} now */
  const drawTiles = (now) => {
    tiles.replaceChildren(
      ...rateNames.map((name) => {
        const { count, of, rate } = now.rates[name]
        const isFew = of > 0 && of < fewEvents
        const status = name in listOf ? listOf[/** @type {keyof typeof listOf} */ (name)] : ''
        const more = name === 'challengeSuccess' ? { transStatus: status, resultStatus: 'Y' } : { transStatus: status }
        const heading = el('span', { class: 'tile-name' }, t(`rate.${name}`))
        return el(
          'li',
          {
            class: ['tile', 'panel', `of-${name}`, isFew && 'is-few'],
            'data-testid': `rate-${name}`,
            title: t(`help.${name}`),
          },
          status === '' ? heading : el('a', { class: 'tile-link', href: listAddress(more) }, heading),
          el('span', { class: 'tile-rate' }, rate === null ? '–' : format.percent(rate)),
          el(
            'span',
            { class: 'tile-of' },
            of === 0 ? t('none') : t('of', { count: format.number(count), of: format.number(of) }),
          ),
          el('span', { class: 'tile-what' }, t(name === 'challengeSuccess' ? 'ofEnded' : 'ofDecided')),
          isFew && el('span', { class: 'few', title: t('fewTitle', { n: fewEvents }) }, t('few')),
          strip([{ name: 'tile', n: count, of }]),
        )
      }),
    )
    const undecided = now.count - now.decided
    const words = []
    if (!now.isComplete) words.push(t('partial', { n: format.number(now.searched) }))
    if (undecided > 0) words.push(t('notDecided', { n: format.number(undecided) }))
    remark.replaceChildren(words.join(' '))
    remark.hidden = words.length === 0
  }

  /** @param {number} at @param {number} span */
  const axisTime = (at, span) =>
    new Intl.DateTimeFormat(app.lang === 'ja' ? 'ja-JP' : 'en-GB', {
      ...(span > 36 * 3_600_000 && { month: 'numeric', day: 'numeric' }),
      ...(span <= 7 * 86_400_000 && { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      ...(span < 600_000 && { second: '2-digit' }),
    }).format(at)
  const spanOf = () => {
    const series = stats?.series ?? []
    return (series.at(-1)?.at ?? 0) - (series[0]?.at ?? 0)
  }
  /** @param {import('../lib/charts.js').Palette} palette @returns {import('echarts').EChartsOption} */
  const timeAxes = (palette) => ({
    grid: { left: 4, right: 8, top: 12, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: (stats?.series ?? []).map(({ at }) => axisTime(at, spanOf())),
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { color: palette.quiet, hideOverlap: true },
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      backgroundColor: palette.paper,
      borderColor: palette.line,
      padding: [8, 12],
    },
  })

  /** @param {import('../lib/charts.js').Palette} palette @returns {import('echarts').EChartsOption} */
  const timeOption = (palette) => {
    const series = stats?.series ?? []
    const axes = timeAxes(palette)
    return {
      ...axes,
      tooltip: {
        ...axes.tooltip,
        axisPointer: { type: 'shadow', shadowStyle: { color: palette.quiet, opacity: 0.12 } },
        formatter: (params) => {
          const [first] = Array.isArray(params) ? params : [params]
          const bucket = series[first?.dataIndex ?? 0]
          if (bucket === undefined) return ''
          const lines = kinds.map((kind) => ({
            label: t(`series.${kind}`),
            value: format.number(bucket[kind]),
            colour: palette[kind],
          }))
          return tip(app, format.dateTime(bucket.at), lines)
        },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: { color: palette.quiet },
      },
      aria: { enabled: true, label: { description: sentenceOfTime() } },
      series: kinds.map((kind) => ({
        type: 'bar',
        name: t(`series.${kind}`),
        stack: 'all',
        barCategoryGap: '22%',
        barMaxWidth: 30,
        itemStyle: { color: palette[kind] },
        data: series.map((bucket) => bucket[kind]),
      })),
    }
  }
  const sentenceOfTime = () => {
    const sums = kinds.map((kind) => {
      const n = (stats?.series ?? []).reduce((sum, bucket) => sum + bucket[kind], 0)
      return `${t(`series.${kind}`)} ${format.number(n)}`
    })
    return `${t('overTime')}: ${sums.join(', ')}`
  }

  /** @param {import('../lib/charts.js').Palette} palette @returns {import('echarts').EChartsOption} */
  const outcomeOption = (palette) => {
    const total = stats?.count ?? 0
    const present = statuses.filter((status) => (stats?.outcomes[status] ?? 0) > 0)
    return {
      aria: {
        enabled: true,
        label: {
          description: `${t('outcomes')}: ${present
            .map((status) => `${status} ${app.outcomeWord(status)} ${stats?.outcomes[status] ?? 0}`)
            .join(', ')}`,
        },
      },
      title: {
        text: format.number(total),
        subtext: 'AReq',
        left: 'center',
        top: '36%',
        itemGap: 2,
        textStyle: { color: palette.text, fontSize: 24, fontWeight: 'bold' },
        subtextStyle: { color: palette.quiet, fontSize: 12 },
      },
      series: [
        {
          type: 'pie',
          radius: ['68%', '94%'],
          silent: true,
          label: { show: false },
          itemStyle: { borderColor: palette.paper, borderWidth: 2, borderRadius: 3 },
          data: present.map((status) => ({
            name: status,
            value: stats?.outcomes[status] ?? 0,
            itemStyle: { color: palette[status === 'D' ? 'C' : status] },
          })),
        },
      ],
    }
  }

  /** @param {import('../lib/charts.js').Palette} palette @returns {import('echarts').EChartsOption} */
  const latencyOption = (palette) => {
    const series = stats?.series ?? []
    const axes = timeAxes(palette)
    return {
      ...axes,
      tooltip: {
        ...axes.tooltip,
        axisPointer: { lineStyle: { color: palette.quiet } },
        formatter: (params) => {
          const [first] = Array.isArray(params) ? params : [params]
          const bucket = series[first?.dataIndex ?? 0]
          if (bucket === undefined) return ''
          const value = bucket.p95 === null || bucket.p95 === undefined ? '–' : format.duration(bucket.p95)
          return tip(app, format.dateTime(bucket.at), [{ label: t('p95'), value, colour: palette.latency }])
        },
      },
      yAxis: {
        type: 'value',
        splitNumber: 3,
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: {
          color: palette.quiet,
          formatter: (value) => format.duration(value === 0 ? undefined : value) || '0',
        },
      },
      aria: {
        enabled: true,
        label: { description: `${t('latencyOver')}: ${t('max')} ${format.duration(stats?.latencyMs.max)}` },
      },
      series: [
        {
          type: 'line',
          name: t('p95'),
          connectNulls: false,
          showSymbol: true,
          symbol: 'circle',
          symbolSize: 5,
          lineStyle: { width: 2, color: palette.latency },
          itemStyle: { color: palette.latency },
          areaStyle: { color: palette.latency, opacity: 0.1 },
          data: series.map(({ p95 }) => p95 ?? null),
        },
      ],
    }
  }

  /** @param {Stats} now */
  const drawDetails = (now) => {
    overTime.legend.replaceChildren(
      ...kinds.map((kind) => el('li', null, el('i', { class: `swatch of-${kind}` }), t(`series.${kind}`))),
    )
    overTime.table.replaceChildren(
      tableOf(
        [t('time'), ...kinds.map((kind) => t(`series.${kind}`))],
        now.series.map((bucket) => [format.dateTime(bucket.at), ...kinds.map((kind) => format.number(bucket[kind]))]),
        t('overTime'),
      ),
    )
    const present = statuses.filter((status) => (now.outcomes[status] ?? 0) > 0)
    outcomeList.replaceChildren(
      ...present.map((status) => {
        const n = now.outcomes[status] ?? 0
        return el(
          'li',
          null,
          el('a', { href: listAddress({ transStatus: status }) }, app.statusChip(status)),
          el('span', { class: 'value' }, format.number(n)),
          el('span', { class: 'share' }, format.percent(n / Math.max(1, now.count))),
        )
      }),
    )
    outcome.table.replaceChildren(
      tableOf(
        [t('outcome'), t('count'), t('share')],
        present.map((status) => {
          const n = now.outcomes[status] ?? 0
          return [`${status} ${app.outcomeWord(status)}`, format.number(n), format.percent(n / Math.max(1, now.count))]
        }),
        t('outcomes'),
      ),
    )
    const all = endings.reduce((sum, name) => sum + now.challenges[name], 0)
    challenges.replaceChildren(
      all === 0
        ? el('p', { class: 'sub' }, t('none'))
        : el(
            'div',
            null,
            strip(endings.map((name) => ({ name, n: now.challenges[name], of: all }))),
            el(
              'ul',
              { class: 'shares' },
              endings
                .filter((name) => name !== 'error' || now.challenges.error > 0)
                .map((name) =>
                  el(
                    'li',
                    null,
                    el('span', { class: 'key' }, el('i', { class: `swatch of-${name}` }), t(`challenges.${name}`)),
                    el('span', { class: 'value' }, format.number(now.challenges[name])),
                    el('span', { class: 'share' }, format.percent(now.challenges[name] / all)),
                  ),
                ),
            ),
          ),
    )
    latency.words.textContent = t('latencyText', { n: format.number(now.latencyMs.count) })
    percentiles.replaceChildren(
      .../** @type {const} */ (['p50', 'p90', 'p95', 'p99', 'max']).map((name) =>
        el('div', null, el('dt', null, t(name)), el('dd', null, format.duration(now.latencyMs[name]) || '–')),
      ),
    )
    latency.table.replaceChildren(
      tableOf(
        [t('time'), t('p95')],
        now.series.map(({ at, p95 }) => [format.dateTime(at), format.duration(p95) || '–']),
        t('latencyOver'),
      ),
    )
    const most = Math.max(1, ...now.reasons.map(({ count }) => count))
    reasons.replaceChildren(
      now.reasons.length === 0
        ? el('p', { class: 'sub' }, t('noReasons'))
        : el(
            'ul',
            { class: 'reasons' },
            now.reasons
              .slice(0, 10)
              .map(({ transStatus, transStatusReason, count, text }) =>
                el(
                  'li',
                  null,
                  app.statusChip(transStatus, transStatusReason),
                  el('span', { class: 'words' }, text[app.lang]),
                  el('span', { class: 'value' }, format.number(count)),
                  strip([
                    { name: transStatus === 'N' || transStatus === 'R' ? 'decline' : 'other', n: count, of: most },
                  ]),
                ),
              ),
          ),
    )
    for (const [name, place] of Object.entries(groups)) {
      const key = /** @type {keyof typeof groups} */ (name)
      place.replaceChildren(groupTable(now.by[key] ?? [], key))
    }
  }

  /** @param {readonly Group[]} list @param {keyof typeof groupTitles} kind */
  const groupTable = (list, kind) => {
    const heads = [t(groupHeads[kind]), t('count'), t('passedOf'), t('p95')]
    return el(
      'table',
      { class: 'groups', 'aria-label': t(groupTitles[kind]) },
      el(
        'thead',
        null,
        el(
          'tr',
          null,
          heads.map((text, position) => el('th', { scope: 'col', class: headClasses[position] }, text)),
          el('th', { scope: 'col', class: 'mix' }, t('outcome')),
        ),
      ),
      el(
        'tbody',
        null,
        list.slice(0, 12).map((group) => {
          const parts = kinds.map((name) => ({ name, n: group[name], of: group.count }))
          const label =
            kind === 'decidedBy' && group.key in deciderWords.en
              ? deciders(/** @type {'engine'} */ (group.key))
              : kind === 'scheme'
                ? (schemes.get(group.key) ?? wordOf(group.label))
                : kind === 'amountBand' && group.key === 'unknown'
                  ? t('unknownBand')
                  : wordOf(group.label) || t('unknownMerchant')
          const field = kind === 'amountBand' ? undefined : kind
          const about = kinds.map((name) => `${t(`series.${name}`)} ${format.number(group[name])}`).join(' · ')
          return el(
            'tr',
            { class: group.count < fewEvents ? 'is-few' : undefined },
            el(
              'th',
              { scope: 'row', title: label, dir: 'auto' },
              field === undefined ? label : el('a', { href: listAddress({ [field]: group.key }) }, label),
            ),
            el('td', { class: 'n' }, format.number(group.count)),
            el(
              'td',
              { class: 'n' },
              group.challengeEnded === 0
                ? '–'
                : `${format.number(group.challengePassed)} / ${format.number(group.challengeEnded)}`,
            ),
            el('td', { class: 'n p95' }, format.duration(group.p95) || '–'),
            el('td', { class: 'mix', title: about }, el('span', { class: 'unseen' }, about), strip(parts)),
          )
        }),
      ),
    )
  }

  const updated = el('span', { class: 'updated', 'data-testid': 'updated' })
  /** @param {unknown} [problem] */
  const draw = (problem) => {
    const now = stats
    board.hidden = now === undefined || now.count === 0
    if (problem !== undefined) {
      const why = problem instanceof Error ? problem.message : ''
      const again = el('button', { type: 'button', class: 'button', onclick: () => void load() }, t('again'))
      note.replaceChildren(
        el('div', { class: 'note', role: 'alert' }, el('p', null, t('failed', { why })), el('p', null, again)),
      )
      return
    }
    if (now === undefined) return
    if (now.count === 0) {
      const more = el(
        'button',
        { type: 'button', class: 'button', onclick: () => choose({ last: 'all' }) },
        t('emptyAll'),
      )
      const shop = el('a', { class: 'button primary', href: app.shopUrl }, app.icon('shop'), t('toShop'))
      note.replaceChildren(
        el(
          'div',
          { class: 'note', 'data-testid': 'empty' },
          el('h2', null, t('emptyTitle')),
          el('p', null, t('emptyText')),
          el('p', { class: 'row-of-buttons' }, setting().last !== 'all' && more, ' ', shop),
        ),
      )
      remark.hidden = true
      return
    }
    note.replaceChildren()
    updated.textContent = t('updated', { time: `${format.clock(Date.now())} ${format.zone()}` })
    drawControls()
    drawTiles(now)
    drawDetails(now)
    for (const chart of charts) chart.update()
  }

  // ── Loading ──────────────────────────────────────────────────────────────────────────────────

  const load = async () => {
    loading?.abort()
    const mine = new AbortController()
    loading = mine
    isDirty = false
    const { last, ...rest } = setting()
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(rest)) if (value !== '') query.set(name, value)
    const to = app.now()
    const span = last in periods ? periods[/** @type {keyof typeof periods} */ (last)] : undefined
    // Without a period: from the first transaction to the last.
    if (span !== undefined) {
      query.set('from', String(to - span))
      query.set('to', String(to))
    }
    root.setAttribute('aria-busy', 'true')
    try {
      /** @type {Stats} */
      const answer = await app.api.get(`/stats?${query}`, { signal: mine.signal })
      if (mine.signal.aborted || isEnded) return
      stats = answer
      draw()
      if (charts.length === 0 && answer.count > 0) {
        const made = await Promise.all([
          createChart(app, overTime.place, timeOption),
          createChart(app, outcome.place, outcomeOption),
          createChart(app, latency.place, latencyOption),
        ])
        if (isEnded || charts.length > 0) for (const chart of made) chart.close()
        else charts.push(...made)
      }
    } catch (error) {
      if (mine.signal.aborted || isEnded) return
      if (stats === undefined) draw(error)
    } finally {
      if (loading === mine) {
        loading = undefined
        root.setAttribute('aria-busy', 'false')
      }
    }
  }

  document.getElementById('view-tools')?.append(updated)
  root.classList.add('dashboard')
  root.append(
    el(
      'div',
      { class: 'controls' },
      el('div', { class: 'segments', role: 'group', 'aria-label': t('period') }, periodButtons),
      /** @type {const} */ (['scheme', 'merchant', 'currency']).map((name) =>
        el('label', { class: 'inline-field' }, el('span', null, t(name)), selects[name]),
      ),
    ),
    remark,
    note,
    board,
  )
  drawControls()
  const offs = [
    app.events.on('transactions', () => {
      isDirty = true
    }),
    app.events.on('reconnect', () => {
      isDirty = true
    }),
  ]
  const timer = setInterval(() => {
    if (isDirty && loading === undefined && document.visibilityState === 'visible') void load()
  }, refreshMs)
  await load()

  return {
    query() {
      drawControls()
      void load()
    },
    unmount() {
      isEnded = true
      clearInterval(timer)
      loading?.abort()
      for (const off of offs) off()
      for (const chart of charts) chart.close()
    },
  }
}

/** Of the columns of a group, before that of its mix. */
const headClasses = [undefined, 'n', 'n passed', 'n p95']

const groupHeads = /** @type {const} */ ({
  scheme: 'scheme',
  merchant: 'merchant',
  amountBand: 'amount',
  decidedBy: 'decider',
})
const groupTitles = /** @type {const} */ ({
  scheme: 'byScheme',
  merchant: 'byMerchant',
  amountBand: 'byAmount',
  decidedBy: 'byDecider',
})
