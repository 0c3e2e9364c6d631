import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { BROWSER, hasBrowser } from '../browser.mjs'
import { forwardSignals, interrupted, stream } from '../processes.mjs'
import { LANES } from '../pythons.mjs'
import { CATALOGUES, programOf, readReferees } from '../referees.mjs'
import { pythonOfServices, readServices } from '../services.mjs'
import { missingLanes } from '../steps/environments.mjs'
import { readTotals, renderTotals, statusOf, sumTotals } from '../totals.mjs'
import { casesOfTheCache } from './cases.mjs'
import { workspaceChecks } from './checks.mjs'
import { interlock } from './interlock.mjs'

/** What every project is asked for; a project that has no such target is left out. */
export const TARGETS = /** @type {const} */ (['format', 'lint', 'typecheck', 'build', 'test', 'test-image'])
/** Run where the program is that they are done with. */
const TARGETS_OF_REFEREES = /** @type {const} */ ({ schemathesis: 'test-openapi' })
/** Tests that can be measured at little cost are: those of TypeScript and, on the default interpreter, Python. */
const MEASURED = ['--', '--configuration=coverage']
const TAIL = 4096

/**
 * Everything that CI runs, with the sum over all test runners as the last line.
 *
 * @param {{ context: import('../types.d.ts').Context, print: (line: string) => void }} options
 * @returns {Promise<number>} exit status
 */
export async function runTest({ context, print }) {
  const { root, env } = context
  /** @type {string[]} */
  const failedChecks = []
  for (const { name, command } of workspaceChecks(root)) {
    print(`\n• ${name}`)
    const [program, ...args] = command
    const ended = await stream(program, args, { cwd: root, env })
    if (ended.interrupted !== undefined) throw interrupted(ended.interrupted)
    if (ended.status !== 0) failedChecks.push(name)
  }
  const absent = missingLanes(context.pythons ?? new Map())
  const lanes = LANES.filter((lane) => !absent.includes(lane)).map((lane) => `test-py${lane}`)
  const missing = Object.values(CATALOGUES).flatMap((catalogue) =>
    readReferees(root, catalogue)
      .filter((referee) => programOf(referee, context) === undefined)
      .map((referee) => ({ ...referee, judged: catalogue.judged })),
  )
  const unjudged = Object.entries(TARGETS_OF_REFEREES).flatMap(([name, target]) =>
    missing.some((referee) => referee.name === name) ? [target] : [],
  )
  const judged = Object.values(TARGETS_OF_REFEREES).filter((target) => !unjudged.includes(target))
  const targets = ['-t', ...TARGETS, ...judged, ...lanes]
  print('\n• every project (tests of TypeScript and Python are measured; those of Rust by npx nx coverage he)')
  const { output, status } = await tee(interlock(root, ['affected', '--all', ...targets, ...MEASURED]), context)
  const tests = readTotals(output)
  if (tests === undefined) print('interlock affected ended without a sum: this counts as a failure')
  if (tests?.failed === 0 && status !== 0) failedChecks.push(`interlock affected ended with status ${status}`)
  print('\n• the cases that the cache was tried with, by the number in the names of their tests')
  casesOfTheCache(root).forEach((line) => print(line))
  failedChecks.forEach((name) => print(`failed: ${name}`))
  absent.forEach((lane) => print(`not run: test-py${lane}, because there is no Python ${lane} here`))
  // Their tests were skipped and are counted as such.
  for (const referee of missing)
    print(`not run: ${referee.name} ${referee.version} over ${referee.judged}, because it is not installed`)
  if (!existsSync(pythonOfServices(context)))
    for (const service of readServices(root)) print(`not run: tests with ${service}, because it is not installed`)
  if (!hasBrowser(context.env)) print(`not run: tests with ${BROWSER}, because it is not installed`)
  const totals = sumTotals({ failedChecks, notRun: [...absent, ...unjudged], tests })
  print(renderTotals(totals))
  return statusOf(totals)
}

/**
 * Shows what a program writes and keeps the end of it.
 *
 * @param {readonly string[]} command
 * @param {import('../types.d.ts').Context} context
 * @returns {Promise<{ output: string, status: number | null }>}
 */
function tee([program = '', ...args], { root, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const forget = forwardSignals(child)
    let tail = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text)
      tail = (tail + text).slice(-TAIL)
    })
    child.on('error', reject)
    child.on('close', (status) => {
      const signal = forget()
      if (signal === undefined) resolve({ output: tail, status })
      else reject(interrupted(signal))
    })
  })
}
