// Builds DOM. Nothing here parses HTML, so data never become markup.

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, unknown>} Props */

const svgNamespace = 'http://www.w3.org/2000/svg'

/**
 * @param {Element & ElementCSSInlineStyle} element
 * @param {string} name
 * @param {unknown} value
 */
function setProp(element, name, value) {
  if (name.startsWith('on') && typeof value === 'function') {
    element.addEventListener(name.slice(2).toLowerCase(), /** @type {EventListener} */ (value))
  } else if (name === 'style' && typeof value === 'object' && value !== null) {
    for (const [property, text] of Object.entries(value)) element.style.setProperty(property, String(text))
  } else if (name === 'class') {
    element.setAttribute('class', Array.isArray(value) ? value.filter(Boolean).join(' ') : String(value))
  } else if (
    (name === 'value' || name === 'checked' || name === 'selected' || name === 'disabled') &&
    name in element
  ) {
    Reflect.set(element, name, value)
  } else {
    element.setAttribute(name, value === true ? '' : String(value))
  }
}

/**
 * @template {Element & ElementCSSInlineStyle} E
 * @param {E} element
 * @param {Props | null | undefined} props
 * @param {(Child | Child[])[]} children
 */
function fill(element, props, children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : String(child))
    }
  }
  // Last, since the value of a select is one of its children.
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value !== undefined && value !== null && value !== false) setProp(element, name, value)
  }
  return element
}

/**
 * An HTML element. Props: `class` (text or list), `on…` (listener), `style` (object, set through the CSSOM), the properties
 * `value`, `checked`, `selected`, `disabled`, and attributes; `undefined`, `null` and `false` leave a prop out, `true` is an empty attribute.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export const el = (tag, props, ...children) => fill(document.createElement(tag), props, children)

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {SVGElementTagNameMap[K]}
 */
export const svg = (tag, props, ...children) => fill(document.createElementNS(svgNamespace, tag), props, children)
