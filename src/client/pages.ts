// Reads the pages of a challenge as a browser without scripts would: hidden inputs, the form's address, test ids.

const plain = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39|#x27);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  )

const attribute = (tag: string, name: string): string | undefined => {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(tag) ?? []
  return value === undefined ? undefined : plain(value)
}

export interface ReadPage {
  /** Hidden inputs by name. */
  readonly hidden: Readonly<Record<string, string>>
  /** Where the form is posted. */
  readonly action: string
  /** data-testid of the body. */
  readonly testId: string | undefined
  /** data-hint: what was wrong with the last input. */
  readonly hint: string | undefined
}

export function readPage(html: string, url: string): ReadPage {
  const hidden = (html.match(/<input\b[^>]*>/g) ?? [])
    .filter((tag) => attribute(tag, 'type') === 'hidden')
    .map((tag) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? ''] as const)
  const form = /<form\b[^>]*>/.exec(html)?.[0] ?? ''
  const body = /<body\b[^>]*>/.exec(html)?.[0] ?? ''
  const hint = /<[a-z]+\b[^>]*\bdata-hint="[^"]*"[^>]*>/.exec(html)?.[0]
  return {
    hidden: Object.fromEntries(hidden),
    action: new URL(attribute(form, 'action') ?? '', url).href,
    testId: attribute(body, 'data-testid'),
    hint: hint === undefined ? undefined : attribute(hint, 'data-hint'),
  }
}
