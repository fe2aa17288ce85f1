// As much of Playwright as is needed here, by form: playwright, playwright-core and @playwright/test all fit.

export interface Locator {
  count(): Promise<number>
  first(): Locator
  inputValue(options?: { readonly timeout?: number }): Promise<string>
  getAttribute(name: string, options?: { readonly timeout?: number }): Promise<string | null>
  fill(value: string, options?: { readonly timeout?: number }): Promise<void>
  check(options?: { readonly timeout?: number }): Promise<void>
  click(options?: { readonly timeout?: number; readonly noWaitAfter?: boolean }): Promise<void>
}

export interface Frame {
  url(): string
  locator(selector: string): Locator
  isDetached(): boolean
}

export interface Page {
  frames(): readonly Frame[]
  isClosed(): boolean
  context(): { pages(): readonly Page[] }
}
