// A button that copies a text, and says so.
import { el } from './dom.js'
import { icon } from './icons.js'

/** Not every page is a secure context: there the old way is the only one. @param {string} text */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = el('textarea', { class: 'unseen', 'aria-hidden': 'true', tabindex: '-1' })
    area.value = text
    const before = document.activeElement
    document.body.append(area)
    area.select()
    const isCopied = document.execCommand('copy')
    area.remove()
    if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    return isCopied
  }
}

/**
 * @param {import('../app.js').App} app
 * @param {() => string} text What to copy at the moment of the click.
 * @param {{ label: string, done: string, failed: string, testid?: string }} words `label` is its name for people who hear the page.
 */
export function copyButton(app, text, { label, done, failed, testid }) {
  const tick = el('span', { class: 'copied', 'aria-hidden': 'true' }, '✓')
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const button = el(
    'button',
    {
      class: 'button copy',
      type: 'button',
      'aria-label': label,
      title: label,
      'data-testid': testid,
      onclick: async () => {
        const isCopied = await toClipboard(text())
        app.announce(isCopied ? done : failed)
        if (!isCopied) return
        button.classList.add('is-done')
        clearTimeout(timer)
        timer = setTimeout(() => button.classList.remove('is-done'), 1_600)
      },
    },
    icon('copy'),
    tick,
  )
  return button
}
