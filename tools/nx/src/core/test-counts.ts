import { stripVTControlCharacters } from 'node:util'

export type TestRunner = 'cargo' | 'nextest' | 'pytest' | 'vitest'

/** Whose summary is understood; `node --test` stands in scripts, which no executor of ours runs. `image` is one that we write. */
export type Summariser = TestRunner | 'image' | 'node'

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const NO_COUNTS: TestCounts = { passed: 0, failed: 0, skipped: 0 }

const SUMMARISERS: readonly Summariser[] = ['cargo', 'image', 'nextest', 'node', 'pytest', 'vitest']

/**
 * How many tests a runner says it ran, from everything that it printed; `undefined` when it printed no summary at all,
 * which is not the same as a summary of zero tests.
 */
export function countTests(runner: Summariser, output: string): TestCounts | undefined {
  const summaries = linesOf(output).flatMap((line) => SUMMARIES[runner](line) ?? [])
  return summaries.length === 0 ? undefined : summaries.reduce(addCounts)
}

/** The sum over every runner that left a summary in the output; `undefined` when none did. */
export function countAllTests(output: string): TestCounts | undefined {
  const found = SUMMARISERS.flatMap((runner) => countTests(runner, output) ?? [])
  return found.length === 0 ? undefined : found.reduce(addCounts)
}

export function addCounts(left: TestCounts, right: TestCounts): TestCounts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  }
}

/** The summary of an image that was tried. */
export function imageSummary({ passed, failed, skipped }: TestCounts): string {
  return `image: ${passed} passed, ${failed} failed, ${skipped} skipped`
}

type Summary = (line: string) => TestCounts | undefined

const WORDS: Readonly<Record<string, keyof TestCounts | undefined>> = {
  pass: 'passed',
  passed: 'passed',
  xfailed: 'passed',
  xpassed: 'passed',
  fail: 'failed',
  failed: 'failed',
  cancelled: 'failed',
  error: 'failed',
  errors: 'failed',
  'timed out': 'failed',
  'exec failed': 'failed',
  skipped: 'skipped',
  ignored: 'skipped',
  todo: 'skipped',
  deselected: 'skipped',
}

const SUMMARIES: Readonly<Record<Summariser, Summary>> = {
  // test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
  cargo: (line) => counted(/^test result: (?:ok|FAILED)\. (\d+ passed; .+)$/.exec(line)?.[1], ';'),
  // image: 1 passed, 0 failed, 0 skipped
  image: (line) => counted(/^image: (\d+ passed, \d+ failed, \d+ skipped)$/.exec(line)?.[1], ','),
  //     Summary [   0.021s] 5 tests run: 4 passed (1 slow), 1 failed, 2 skipped
  nextest: (line) => counted(/^\s*Summary \[[^\]]*\] [\d/]+ tests? run:(.*)$/.exec(line)?.[1], ','),
  // ===== 1 failed, 3 passed, 1 warning in 0.12s =====
  pytest: (line) => {
    const match = /^(?:=+ )?((?:\d+ [a-z]+(?:, )?)+|no tests ran) in \d[\d.]*s\b.*$/.exec(line)
    return counted(match?.[1], ',')
  },
  //       Tests  1 failed | 2 passed | 1 skipped (4)
  vitest: (line) => counted(/^\s*Tests {2}(.+)$/.exec(line)?.[1], '|'),
  // # pass 3, or ℹ pass 3; one line for each kind
  node: (line) => {
    const [, word = '', number] = /^(?:#|ℹ) (pass|fail|cancelled|skipped|todo) (\d+)$/.exec(line) ?? []
    return number === undefined ? undefined : counted(`${number} ${word}`, ',')
  },
}

function counted(text: string | undefined, separator: string): TestCounts | undefined {
  if (text === undefined) return undefined
  const counts = { ...NO_COUNTS }
  for (const part of text.split(separator)) {
    const [, number, word] = /^\s*(\d+) ([a-z]+(?: out| failed)?)/.exec(part) ?? []
    const kind = word === undefined ? undefined : WORDS[word]
    if (kind !== undefined) counts[kind] += Number(number)
  }
  return counts
}

function linesOf(output: string): string[] {
  return stripVTControlCharacters(output).split(/\r?\n/)
}
