// Sets up a clone and then, when asked, runs its main job. Runs before `npm ci`, so it imports nothing but Node and
// the files beside it: src/steps holds one file per thing that must be there, src/then what --then starts.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HELP, parseArguments } from './src/arguments.mjs'
import { createContext } from './src/context.mjs'
import { SetupError } from './src/error.mjs'
import { acquireSetupLock } from './src/setup-lock.mjs'
import { STEPS, checkAll, setUpAll } from './src/setup.mjs'
import { coverage } from './src/steps/coverage.mjs'
import { runStart } from './src/then/start.mjs'
import { runTest } from './src/then/test.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const print = (/** @type {string} */ line) => console.log(line)

/** @param {readonly string[]} argv @returns {Promise<number>} exit status */
async function main(argv) {
  const { help, check, coverage: measured, next } = parseArguments(argv)
  if (help) {
    print(HELP)
    return 0
  }
  const steps = measured ? [...STEPS, coverage] : STEPS
  if (check) {
    const open = await checkAll(
      steps,
      createContext(root, () => {}),
      print,
    )
    return open === 0 ? 0 : 1
  }
  const lock = await acquireSetupLock(join(root, '.tools', 'setup.lock'), { print })
  process.on('exit', lock.release)
  const context = createContext(root, lock.child)
  await setUpAll(steps, context, print)
  lock.release()
  if (next === 'start') return runStart(context)
  if (next === 'test') return runTest({ context, print })
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`\n${error.message}\n\nhint: ${error.hint}`)
  process.exitCode = error.status
}
