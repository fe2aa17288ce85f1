// Shows the rows of a long list that are in sight, in a number of nodes that does not depend on the list.

/** Rows above and below the sight that are there already when somebody scrolls. */
const spare = 8

/**
 * @template Item
 * @typedef {object} Slot
 * @property {HTMLElement} element
 * @property {(item: Item, index: number) => void} fill
 */

/**
 * The page scrolls, not the list. Rows are equally high (`--row` of the list's style).
 * @template {{ readonly id: number }} Item
 * @param {object} options
 * @param {HTMLElement} options.box What holds the rows; gets the height of all of them.
 * @param {() => Slot<Item>} options.make
 * @param {() => readonly Item[]} options.items
 * @param {(last: number) => void} [options.onRange] The last row in sight.
 */
export function createWindow({ box, make, items, onRange }) {
  const pane = document.createElement('div')
  pane.className = 'window'
  pane.setAttribute('role', 'presentation')
  box.append(pane)
  /** @type {Map<number, Slot<Item>>} */
  const shown = new Map()
  /** @type {Slot<Item>[]} */
  const free = []
  let frame = 0
  let rowHeight = 0

  const measure = () => {
    rowHeight = Number.parseFloat(getComputedStyle(box).getPropertyValue('--row')) || 44
  }
  const draw = () => {
    frame = 0
    if (rowHeight === 0) measure()
    const list = items()
    const top = -box.getBoundingClientRect().top
    const first = Math.max(0, Math.min(list.length - 1, Math.floor(top / rowHeight) - spare))
    const last = Math.min(list.length, Math.ceil((top + innerHeight) / rowHeight) + spare)
    box.style.height = `${list.length * rowHeight}px`
    pane.style.transform = `translateY(${first * rowHeight}px)`
    const wanted = list.slice(first, Math.max(first, last))
    const ids = new Set(wanted.map(({ id }) => id))
    for (const [id, slot] of shown) {
      if (ids.has(id)) continue
      shown.delete(id)
      slot.element.remove()
      free.push(slot)
    }
    let cursor = pane.firstChild
    wanted.forEach((item, position) => {
      const slot = shown.get(item.id) ?? free.pop() ?? make()
      shown.set(item.id, slot)
      slot.fill(item, first + position)
      if (slot.element === cursor) cursor = cursor.nextSibling
      else pane.insertBefore(slot.element, cursor)
    })
    free.length = Math.min(free.length, 2 * spare)
    onRange?.(last)
  }
  const plan = () => {
    if (frame === 0) frame = requestAnimationFrame(draw)
  }
  const resized = () => {
    rowHeight = 0
    plan()
  }
  addEventListener('scroll', plan, { passive: true })
  addEventListener('resize', resized)

  return {
    /** Draws at the next frame, once, however often it is called. */
    plan,
    /** Draws at once. */
    draw() {
      cancelAnimationFrame(frame)
      draw()
    },
    /** @param {number} id */
    elementOf: (id) => shown.get(id)?.element,
    /** Scrolls as little as shows the row. @param {number} index @param {number} covered Height at the top that lies over the list. */
    reveal(index, covered) {
      if (rowHeight === 0) measure()
      const top = box.getBoundingClientRect().top + index * rowHeight
      if (top < covered) scrollBy({ top: top - covered, behavior: 'instant' })
      else if (top + rowHeight > innerHeight - bottomCover()) {
        scrollBy({ top: top + rowHeight - innerHeight + bottomCover(), behavior: 'instant' })
      }
    },
    close() {
      cancelAnimationFrame(frame)
      removeEventListener('scroll', plan)
      removeEventListener('resize', resized)
    },
  }
}

/** The navigation of the phone lies over the end of the page. */
const bottomCover = () => {
  const nav = document.querySelector('.nav')
  return nav !== null && getComputedStyle(nav).position === 'fixed' && innerWidth <= 760 ? nav.clientHeight : 8
}
