import { appendFileSync } from 'node:fs'
import { InterlockError } from '@interlock/kit'

type Environment = Readonly<Record<string, string | undefined>>

/** Adds Markdown to the summary of the job, where GitHub Actions gives a file for it. */
export function addSummary(env: Environment, markdown: string): void {
  const file = env['GITHUB_STEP_SUMMARY']
  if (file !== undefined && file !== '') appendFileSync(file, `${markdown}\n`)
}

/** Values that later jobs can read: a word as it is, everything else as one line of JSON. */
export type Outputs = Readonly<Record<string, unknown>>

/** GitHub Actions keeps no more than this of all outputs of a job. */
const MOST_OUTPUT_BYTES = 1 << 20

/** Throws `CONFIG_INVALID` where GitHub Actions would drop outputs, and with them work. */
export function expectOutputs(outputs: Outputs): void {
  const bytes = Buffer.byteLength(lines(outputs).join(''))
  if (bytes <= MOST_OUTPUT_BYTES) return
  throw new InterlockError(
    'CONFIG_INVALID',
    `the plan takes ${bytes} bytes, and GitHub Actions keeps ${MOST_OUTPUT_BYTES} of a job`,
    {
      hint: 'plan fewer targets in one job, or give projects shorter names',
    },
  )
}

/** Gives values to later jobs, where GitHub Actions has a file for them. */
export function setOutputs(env: Environment, outputs: Outputs): void {
  const file = env['GITHUB_OUTPUT']
  if (file !== undefined && file !== '') appendFileSync(file, lines(outputs).join(''))
}

/** A word as it is, and everything else as JSON without a line break: no value can end early, or begin another. */
function lines(outputs: Outputs): string[] {
  return Object.entries(outputs).map(([name, value]) => `${name}=${isWord(value) ? value : JSON.stringify(value)}\n`)
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]+$/u.test(value)
}

/** A row of a Markdown table; what a name could break the table with is written as text. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/[\\|`*_<>[\]]/gu, String.raw`\$&`).replace(/[\r\n]+/gu, ' ')).join(' | ')} |`
}
