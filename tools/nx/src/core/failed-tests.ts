import { stripVTControlCharacters } from 'node:util'

/** Names beyond this are left out of a report: a broken build can fail thousands. */
const MAX_NAMES = 200
/** Characters kept of a name: that of a parametrised test carries its values. */
const MAX_LENGTH = 240

/**
 * What a failed task says has failed, in its runner's own words: names of tests, and limits of coverage that were missed.
 * Empty when the output names nothing, as that of a compiler.
 */
export function failedTests(output: string): readonly string[] {
  const lines = stripVTControlCharacters(output).split(/\r?\n/)
  const names = lines.flatMap((line) => PATTERNS.flatMap((pattern) => pattern.exec(line)?.[1]?.trim() ?? []))
  return [...new Set(names)].slice(0, MAX_NAMES).map((name) => name.slice(0, MAX_LENGTH))
}

const PATTERNS: readonly RegExp[] = [
  // cargo: "test tests::a_is_b ... FAILED", "test src/lib.rs - f (line 2) ... FAILED"
  /^test (.+?)(?: - should panic)? \.\.\. FAILED$/,
  // nextest: "        FAIL [   0.012s] he tests::a_is_b", with "(1/7)" before the name in newer ones
  /^\s+(?:FAIL|TIMEOUT|SIG\w+) \[[^\]]*\](?: \([^)]*\))? (.+)$/,
  // pytest: "FAILED tests/test_a.py::test_a - assert 1 == 2", "ERROR tests/test_a.py::test_b - RuntimeError: no"
  /^(?:FAILED|ERROR) (\S+\.py(?:::.+| - .+)?)$/,
  /^FAIL (Required test coverage of .+)$/,
  // vitest: " FAIL  kit  src/a.test.ts > a > 1 is 2"
  /^ FAIL {2}(.+)$/,
  /^ERROR: (Coverage for .+)$/,
  // node: "✖ two is three (8.65ms)", or "    not ok 1 - two is three"
  /^\s*✖ (.+) \([\d.]+ms\)$/,
  /^\s*not ok \d+ - (.+)$/,
]

/** The names of all failed tasks below each other, as they stand under the table; empty when none is named. */
export function failedTestsText(tasks: readonly NamedFailures[], most = 30): string {
  const named = tasks.flatMap(({ project, target, failures }) =>
    (failures ?? []).map((name) => `  ${project}:${target}  ${name}`),
  )
  if (named.length === 0) return ''
  const more = named.length - most
  return ['failed:', ...named.slice(0, most), ...(more > 0 ? [`  and ${more} more, in the output above`] : [])].join('\n')
}

export interface NamedFailures {
  readonly project: string
  readonly target: string
  readonly failures?: readonly string[]
}
