// A text with line numbers, and marks at the lines where something is wrong. The text area is the browser's own, so undo, search,
// screen readers and touch keyboards work as everywhere; what is coloured lies under it.
import { el } from './dom.js'

/** @typedef {{ line: number, column?: number, message: string, path?: string }} Problem */

/** A line of YAML in pieces: comment, key, text, the rest. Colour only: nothing depends on it. */
const pieces = /(#.*$)|("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|([\w.-]+)(?=\s*:(?:\s|$))/g

/** @param {string} line */
function coloured(line) {
  /** @type {(Node | string)[]} */
  const parts = []
  let from = 0
  for (const found of line.matchAll(pieces)) {
    const [text, comment, string] = found
    // A # within a word is no comment.
    if (comment !== undefined && found.index > 0 && !/\s/.test(line[found.index - 1] ?? '')) continue
    if (found.index > from) parts.push(line.slice(from, found.index))
    parts.push(
      el(
        'span',
        { class: comment !== undefined ? 'code-comment' : string !== undefined ? 'code-string' : 'code-key' },
        text,
      ),
    )
    from = found.index + text.length
  }
  parts.push(line.slice(from))
  return parts
}

/**
 * @param {object} options
 * @param {string} options.id
 * @param {string} options.label
 * @param {() => void} options.onchange
 * @param {() => void} options.onsave Ctrl+S, ⌘S.
 */
export function codeEditor({ id, label, onchange, onsave }) {
  const gutter = el('div', { class: 'code-gutter', 'aria-hidden': 'true' })
  const paper = el('pre', { class: 'code-paper', 'aria-hidden': 'true' })
  const area = el('textarea', {
    class: 'code-area',
    id,
    'aria-label': label,
    'data-testid': id,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    wrap: 'off',
    oninput: () => {
      draw()
      onchange()
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        onsave()
      }
    },
  })
  const node = el('div', { class: 'code' }, gutter, el('div', { class: 'code-sheet' }, paper, area))
  /** @type {readonly Problem[]} */
  let problems = []
  /** @type {string[]} What is drawn, line by line. */
  let drawn = []

  function draw() {
    const lines = area.value.split('\n')
    // Only lines that changed are drawn again: a table may have thousands.
    lines.forEach((line, index) => {
      let row = paper.children[index]
      if (row === undefined) {
        row = el('div', { class: 'code-line' })
        paper.append(row)
        gutter.append(el('span', null, String(index + 1)))
      }
      if (drawn[index] !== line) row.replaceChildren(...(line === '' ? ['\u200b'] : coloured(line)))
    })
    while (paper.children.length > lines.length) {
      paper.lastElementChild?.remove()
      gutter.lastElementChild?.remove()
    }
    drawn = lines
    mark()
  }

  function mark() {
    for (const marked of [...gutter.querySelectorAll('.is-wrong'), ...paper.querySelectorAll('.is-wrong')]) {
      marked.classList.remove('is-wrong')
      marked.removeAttribute('title')
    }
    for (const { line, message } of problems) {
      const number = gutter.children[line - 1]
      paper.children[line - 1]?.classList.add('is-wrong')
      number?.classList.add('is-wrong')
      number?.setAttribute('title', message)
    }
  }

  return {
    node,
    area,
    get text() {
      return area.value
    },
    set text(next) {
      area.value = next
      draw()
      area.setSelectionRange(0, 0)
    },
    /** @param {readonly Problem[]} next */
    show(next) {
      problems = next
      area.setAttribute('aria-invalid', String(next.length > 0))
      mark()
    },
    /** Puts the cursor there. @param {number} line @param {number} [column] */
    goTo(line, column = 1) {
      const before = area.value.split('\n').slice(0, line - 1)
      const start = before.reduce((sum, text) => sum + text.length + 1, 0)
      area.focus({ preventScroll: true })
      area.setSelectionRange(start + column - 1, start + column - 1)
      const height = Number.parseFloat(getComputedStyle(area).lineHeight) || 20
      node.scrollTop = Math.max(0, (line - 1) * height - node.clientHeight / 3)
      node.scrollIntoView({ block: 'nearest' })
    },
  }
}
