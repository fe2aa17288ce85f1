// A result as a terminal shows it.
import type { LintedMessage, LintFinding, LintResult } from './types.ts'

type Colour = 'red' | 'yellow' | 'green' | 'bold' | 'dim'
export type Paint = (colour: Colour, text: string) => string

const codes: Readonly<Record<Colour, readonly [open: number, close: number]>> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  bold: [1, 22],
  dim: [2, 22],
}

export const plain: Paint = (_colour, text) => text
export const coloured: Paint = (colour, text) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m`

const words = {
  en: {
    error: 'error',
    warning: 'warning',
    expected: 'expected',
    received: 'received',
    example: 'example',
    transaction: 'transaction',
    assumed: 'assumed',
    erro: (code: string, detail: string) => `A receiver answers Erro ${code}, errorDetail "${detail}".`,
    clean: 'nothing to object to',
    errors: (count: number) => `${count} error${count === 1 ? '' : 's'}`,
    warnings: (count: number) => `${count} warning${count === 1 ? '' : 's'}`,
    messages: (count: number) => `${count} message${count === 1 ? '' : 's'}`,
    transactions: (count: number) => `${count} transaction${count === 1 ? '' : 's'}`,
    summary: (messages: string, transactions: string, errors: string, warnings: string) =>
      `${messages} in ${transactions}: ${errors}, ${warnings}.`,
    problem: 'cannot be read',
  },
  ja: {
    error: 'エラー',
    warning: '警告',
    expected: '期待する値',
    received: '受け取った値',
    example: '例',
    transaction: '取引',
    assumed: '推定',
    erro: (code: string, detail: string) => `受信側の応答：Erro ${code}、errorDetail「${detail}」`,
    clean: '問題はありません',
    errors: (count: number) => `エラー ${count} 件`,
    warnings: (count: number) => `警告 ${count} 件`,
    messages: (count: number) => `メッセージ ${count} 件`,
    transactions: (count: number) => `取引 ${count} 件`,
    summary: (messages: string, transactions: string, errors: string, warnings: string) =>
      `${messages}（${transactions}）：${errors}、${warnings}`,
    problem: '読めません',
  },
} as const

const channels: Readonly<Record<string, string>> = { '01': 'app', '02': 'browser', '03': '3RI' }
const categories: Readonly<Record<string, string>> = { '01': 'payment', '02': 'non-payment' }

/** `creq (line 3): CReq 2.2.0, browser (assumed), payment, BRW-ACS` */
function headOf(message: LintedMessage, name: string, result: LintResult, paint: Paint): string {
  const t = words[result.lang]
  const guess = (member: string, text: string | undefined): string | undefined =>
    text === undefined ? undefined : message.assumed.includes(member) ? `${text} (${t.assumed})` : text
  const about = [
    `${message.messageType ?? '?'} ${message.messageVersion ?? ''}`.trim(),
    guess('deviceChannel', channels[message.deviceChannel ?? '']),
    guess('messageCategory', categories[message.messageCategory ?? '']),
    guess('leg', message.leg),
  ].filter((part) => part !== undefined)
  const place = [name, message.line === undefined ? undefined : String(message.line)].filter(Boolean).join(':')
  const where = [place, message.where].filter((part) => part !== '').join(' ')
  return `${where === '' ? '' : `${paint('bold', where)}  `}${about.join(', ')}`
}

/** Values stand in the message under their name; an entry of an array stands alone. */
function exampleText({ path, example }: LintFinding): string {
  const name = /\.([A-Za-z_$][\w$]*)$/.exec(path)?.[1]
  const text = JSON.stringify(example)
  const shown = text.length > 300 ? `${text.slice(0, 300)}…` : text
  return name === undefined ? shown : `"${name}": ${shown}`
}

function findingLines(finding: LintFinding, result: LintResult, paint: Paint): readonly string[] {
  const t = words[result.lang]
  const isError = finding.severity === 'error'
  const place = finding.line === undefined ? '' : `${finding.line}:${finding.column ?? 1} `
  const label = paint(isError ? 'red' : 'yellow', isError ? t.error : t.warning)
  const detail = (name: string, text: string): string => `      ${paint('dim', `${name}:`)} ${text}`
  return [
    `  ${place}${label} ${[finding.errorCode, paint('bold', finding.path), paint('dim', finding.rule)].filter(Boolean).join(' ')}`,
    `      ${finding.message}`,
    ...(finding.expected === '' ? [] : [detail(t.expected, finding.expected)]),
    ...(finding.received === undefined ? [] : [detail(t.received, finding.received)]),
    ...(finding.example === undefined ? [] : [detail(t.example, exampleText(finding))]),
  ]
}

/** What is printed of one input. `name`: of the file, empty where there is one input and it has none. */
export function reportOf(result: LintResult, name: string, paint: Paint): string {
  const t = words[result.lang]
  const lines: string[] = []
  for (const problem of result.problems) {
    const place = [name, problem.line, problem.column].filter((part) => part !== undefined && part !== '').join(':')
    lines.push(`${paint('bold', place === '' ? '-' : place)} ${paint('red', t.problem)}: ${problem.message}`)
  }
  for (const message of result.messages) {
    lines.push(headOf(message, name, result, paint))
    if (message.findings.length === 0) lines.push(`  ${paint('green', t.clean)}`)
    for (const finding of message.findings) lines.push(...findingLines(finding, result, paint))
    const { erro } = message
    if (erro !== undefined) lines.push(`  ${t.erro(erro.errorCode, erro.errorDetail)}`)
    if (message.lines !== undefined)
      lines.push('', ...message.lines.map((line, index) => `  ${paint('dim', String(index + 1).padStart(4))}  ${line}`))
    lines.push('')
  }
  lines.push(...result.notes)
  const { summary } = result
  if (summary.messages > 0) {
    const errors = t.errors(summary.errors)
    const warnings = t.warnings(summary.warnings)
    lines.push(
      t.summary(
        t.messages(summary.messages),
        t.transactions(summary.transactions),
        summary.errors > 0 ? paint('red', errors) : errors,
        summary.warnings > 0 ? paint('yellow', warnings) : warnings,
      ),
    )
  }
  return `${lines.join('\n')}\n`
}
