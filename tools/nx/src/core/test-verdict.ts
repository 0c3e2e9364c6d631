import { stripVTControlCharacters } from 'node:util'
import { countTests, type TestCounts, type TestRunner } from './test-counts.ts'

/** A finished test command. */
export interface TestRun {
  readonly runner: TestRunner
  readonly status: number
  readonly output: string
  readonly allowNoTests: boolean
}

export type TestVerdict =
  | { readonly kind: 'passed'; readonly counts: TestCounts }
  | { readonly kind: 'failed' }
  | { readonly kind: 'no-tests'; readonly allowed: boolean }
  | { readonly kind: 'not-run'; readonly tool: string }

/** How runners end that found nothing to run. */
const EMPTY_STATUS: Readonly<Record<TestRunner, number | undefined>> = {
  cargo: undefined,
  nextest: 4,
  pytest: 5,
  vitest: undefined,
}

const EMPTY_WORDS = /^(?:No test files found|No tests? found|error: no tests to run)/m

/**
 * What a test command did. A command that ended well without a summary of at least one test that ran has proved nothing,
 * so it counts as a run without tests. Tests that were all skipped did not run.
 */
export function judgeTests({ runner, status, output: coloured, allowNoTests }: TestRun): TestVerdict {
  const output = stripVTControlCharacters(coloured)
  const other = otherPython(output)
  if (other !== undefined) return { kind: 'not-run', tool: other }
  const counts = countTests(runner, output)
  const ran = counts === undefined ? 0 : counts.passed + counts.failed
  if (status === 0)
    return counts !== undefined && ran > 0 ? { kind: 'passed', counts } : { kind: 'no-tests', allowed: allowNoTests }
  const tool = missingTool(output)
  if (tool !== undefined) return { kind: 'not-run', tool }
  const empty = status === EMPTY_STATUS[runner] || EMPTY_WORDS.test(output)
  return empty && ran === 0 ? { kind: 'no-tests', allowed: allowNoTests } : { kind: 'failed' }
}

/** A subcommand that Cargo finds nowhere. */
const MISSING_SUBCOMMAND = /^error: no such command: `([\w-]+)`/m

/** How other launchers say that the program behind them is not there. */
const MISSING: readonly RegExp[] = [
  /^error: Failed to spawn: `([\w.-]+)`\s+Caused by: No such file/m,
  /: No module named '?(pytest)'?$/m,
  /^Command not found: ([\w.-]+)$/m,
  /^error: No interpreter found for (Python [\d.]+)/m,
  /^\s*pyenv: (python[\d.]*): command not found$/m,
  /^pyenv: version `([\d.]+)' is not installed/m,
  /\bMISSING DEPENDENCY\s+Cannot find dependency '([^']+)'/m,
]

/** With `--no-sync` uv runs in an environment of another Python, says so in a warning, and ends as the tests do. */
function otherPython(output: string): string | undefined {
  return /^warning: Using incompatible environment .*request: `([^`]+)`\)/m.exec(output)?.[1]
}

function missingTool(output: string): string | undefined {
  const subcommand = MISSING_SUBCOMMAND.exec(output)?.[1]
  if (subcommand !== undefined) return `cargo-${subcommand}`
  if (/: error: unrecognized arguments: --cov\b/.test(output)) return 'pytest-cov'
  for (const pattern of MISSING) {
    const tool = pattern.exec(output)?.[1]
    if (tool !== undefined) return tool
  }
  return undefined
}

const INSTALL: Readonly<Record<string, string>> = {
  cargo: 'install Rust with rustup',
  'cargo-nextest': 'cargo install --locked cargo-nextest, or set cargo.testRunner to "cargo" in nx.json',
  'cargo-llvm-cov': 'cargo install --locked cargo-llvm-cov',
  'llvm-cov and llvm-profdata': 'rustup component add llvm-tools, or your system’s LLVM of the version that rustc -vV names',
  poetry: 'pipx install poetry',
  uv: 'pipx install uv',
  vitest: 'npm ci',
}

/** What to type when a tool is missing. */
export function installHint(tool: string): string {
  const python = /^(?:python|Python )?(\d[\d.]*)$/.exec(tool)?.[1]
  if (python !== undefined) return `install Python ${python} where the launcher finds it, and make the environment again`
  return INSTALL[tool] ?? `install ${tool} in the environment of the project`
}
