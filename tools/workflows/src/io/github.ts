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

/**
 * The gate gets the outputs of the plan in one variable, as `toJSON(needs)`: Linux starts no program with a variable beyond
 * 131,072 bytes. The rest is for the results of the jobs. GitHub itself keeps a megabyte.
 */
const MOST_OUTPUT_BYTES = 120_000

/**
 * Gives values to later jobs, where GitHub Actions has a file for them. Throws `CONFIG_INVALID`, with or without a file, for
 * outputs that the gate could not be told: it would be red after everything had run.
 */
export function setOutputs(env: Environment, outputs: Outputs): void {
  const entries = entriesOf(outputs)
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(entries)))
  if (bytes > MOST_OUTPUT_BYTES) {
    throw new InterlockError('CONFIG_INVALID', `the plan takes ${bytes} bytes, and the gate can be told ${MOST_OUTPUT_BYTES}`, {
      hint: 'plan fewer targets in one job, or give projects shorter names',
    })
  }
  const file = env['GITHUB_OUTPUT']
  if (file !== undefined && file !== '') appendFileSync(file, entries.map(([name, value]) => `${name}=${value}\n`).join(''))
}

/** A word as it is, and everything else as JSON without a line break: no value can end early, or begin another. */
function entriesOf(outputs: Outputs): [string, string][] {
  return Object.entries(outputs).map(([name, value]) => [name, isWord(value) ? value : JSON.stringify(value)])
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]+$/u.test(value)
}

/** A row of a Markdown table; what a name could break the table with is written as text. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/[\\|`*_<>[\]]/gu, String.raw`\$&`).replace(/[\r\n]+/gu, ' ')).join(' | ')} |`
}
