// Reads an ACS's pages as a browser without scripts does: forms, fields, buttons. No ACS's own names are known here.
import { type HTMLElement, parse } from 'node-html-parser'

export interface PageForm {
  readonly action: string
  /** Fields that are sent as they stand. */
  readonly fields: Readonly<Record<string, string>>
  /** The field in which a person types. */
  readonly entry: string | undefined
  readonly buttons: readonly { readonly name?: string | undefined; readonly value: string; readonly text: string }[]
}

const attribute = (element: HTMLElement, name: string): string | undefined => element.getAttribute(name)

const typed = new Set(['text', 'password', 'tel', 'number', ''])

function formOf(element: HTMLElement, pageUrl: string): PageForm {
  const fields: Record<string, string> = {}
  let entry: string | undefined
  const buttons: PageForm['buttons'][number][] = []
  for (const input of element.querySelectorAll('input, button')) {
    const name = attribute(input, 'name')
    const type = (
      attribute(input, 'type') ?? (input.rawTagName.toLowerCase() === 'button' ? 'submit' : '')
    ).toLowerCase()
    const value = attribute(input, 'value') ?? ''
    if (type === 'submit' || type === 'image') buttons.push({ name, value, text: input.textContent.trim() })
    else if (name === undefined || type === 'button' || type === 'reset') continue
    else if (typed.has(type)) entry ??= name
    else if ((type !== 'checkbox' && type !== 'radio') || input.hasAttribute('checked')) fields[name] = value
  }
  const action = attribute(element, 'action') ?? ''
  return { action: URL.canParse(action, pageUrl) ? new URL(action, pageUrl).href : pageUrl, fields, entry, buttons }
}

export const formsIn = (html: string, pageUrl: string): readonly PageForm[] =>
  parse(html)
    .querySelectorAll('form')
    .map((element) => formOf(element, pageUrl))

/** The form in which the cardholder answers: one with a field to type in. */
export const answerForm = (html: string, pageUrl: string): PageForm | undefined =>
  formsIn(html, pageUrl).find(({ entry }) => entry !== undefined)

/** What a press of the button adds to the fields. */
export const pressed = (button: PageForm['buttons'][number] | undefined): Readonly<Record<string, string>> =>
  button?.name === undefined ? {} : { [button.name]: button.value }

export const isCancel = ({ name = '', value, text }: PageForm['buttons'][number]): boolean =>
  /cancel|abort|キャンセル|中止/i.test(`${name} ${value} ${text}`)

export const isResend = ({ name = '', value, text }: PageForm['buttons'][number]): boolean =>
  /resend|again|再送/i.test(`${name} ${value} ${text}`)

/** What a page brings back to the notificationURL: the text of its `cres`, and the session data beside it. */
export interface Returned {
  readonly action: string
  readonly cres: string
  readonly threeDSSessionData: string | undefined
}

export function returnedBy(html: string, pageUrl: string): Returned | undefined {
  const form = formsIn(html, pageUrl).find(({ fields }) => fields.cres !== undefined)
  if (form?.fields.cres === undefined) return undefined
  return { action: form.action, cres: form.fields.cres, threeDSSessionData: form.fields.threeDSSessionData }
}
