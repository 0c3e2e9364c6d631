import { SetupError } from './error.mjs'

export const HELP = `Usage: node tools/setup/setup.mjs [--check] [--coverage] [--then start|test] [--help]

Sets up this clone: npm packages, uv, the Python environments, the Rust toolchain, the crates, the referees of the workflows, the services that tests start and a browser.
What is there already is left alone; interrupt it and run it again at any time.

  --check        say what is missing, change nothing; exit 1 when something is
  --coverage     also what measures the tests of Rust, which takes minutes to build
  --then start   afterwards run the tests that changes since the base can affect
  --then test    afterwards run everything that CI runs
  --help         this text

The same through npm, from any folder of the clone:
  npm run setup -- --check
  npm run setup -- --coverage
  npm start
  npm test`

/**
 * @param {readonly string[]} argv words after the script's name
 * @returns {{ help: boolean, check: boolean, coverage: boolean, next: 'start' | 'test' | undefined }}
 */
export function parseArguments(argv) {
  /** @type {ReturnType<typeof parseArguments>} */
  const parsed = { check: false, coverage: false, help: false, next: undefined }
  const words = argv.flatMap((word) => (word.startsWith('--then=') ? ['--then', word.slice('--then='.length)] : [word]))
  while (words.length > 0) {
    const word = words.shift()
    if (word === '--help' || word === '-h') parsed.help = true
    else if (word === '--check') parsed.check = true
    else if (word === '--coverage') parsed.coverage = true
    else if (word === '--then') {
      const value = words.shift()
      if (value !== 'start' && value !== 'test') throw usage(`--then takes start or test, not ${JSON.stringify(value ?? '')}`)
      parsed.next = value
    } else throw usage(`unknown argument ${JSON.stringify(word)}`)
  }
  if (parsed.check && parsed.next !== undefined) throw usage('--check changes nothing, so it cannot be combined with --then')
  return parsed
}

/** @param {string} reason */
function usage(reason) {
  return new SetupError(`setup: ${reason}`, 'node tools/setup/setup.mjs --help', 2)
}
