import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'

/** Renders one template of a directory. Every `<%= … %>` is escaped for HTML text and quoted attributes. */
export type RenderPage = (template: string, data: object) => string

/** Templates are read once, on first use, and kept. A name without an extension means `.eta`. */
export function loadPages(directory: URL): RenderPage {
  const eta = new Eta({ views: fileURLToPath(directory), cache: true, autoEscape: true, autoTrim: [false, 'nl'] })
  return (template, data) => eta.render(template, data)
}

/** The same for a template that is a string; for pages too small to have a file. */
export function compilePage(template: string): (data: object) => string {
  const eta = new Eta({ autoEscape: true, autoTrim: [false, 'nl'] })
  const compiled = eta.compile(template)
  return (data) => eta.render(compiled, data)
}
