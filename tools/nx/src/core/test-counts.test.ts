import { describe, expect, it } from 'vitest'
import { countAllTests, countTests, imageSummary, type Summariser } from './test-counts.ts'

const cases: readonly [Summariser, string, string, readonly [number, number, number] | undefined][] = [
  [
    'cargo',
    'every binary and the doctests',
    'running 3 tests\ntest a ... ok\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n   Doc-tests a\ntest result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 4 filtered out; finished in 0.31s\n',
    [4, 2, 1],
  ],
  [
    'cargo',
    'a run of zero tests',
    'running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n',
    [0, 0, 0],
  ],
  ['cargo', 'a build that failed', 'error[E0425]: cannot find value\n', undefined],
  ['nextest', 'a run', '     Summary [   0.021s] 5 tests run: 4 passed (1 slow, 1 flaky), 1 failed, 2 skipped\r\n', [4, 1, 2]],
  [
    'nextest',
    'a run that was cancelled',
    '     Summary [   0.021s] 3/7 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped\n',
    [1, 2, 0],
  ],
  ['nextest', 'zero tests', '     Summary [   0.000s] 0 tests run: 0 passed, 0 skipped\nerror: no tests to run\n', [0, 0, 0]],
  [
    'pytest',
    'a run',
    '===== 1 failed, 3 passed, 1 skipped, 2 deselected, 1 xfailed, 1 error, 2 warnings in 0.12s =====\n',
    [4, 2, 3],
  ],
  [
    'pytest',
    'a quiet run',
    '..                                                                       [100%]\n2 passed in 0.01s\n',
    [2, 0, 0],
  ],
  ['pytest', 'a run of more than a minute', '== 12 passed in 61.02s (0:01:01) ==\n', [12, 0, 0]],
  ['pytest', 'zero tests', '============================ no tests ran in 0.01s ============================\n', [0, 0, 0]],
  [
    'vitest',
    'a coloured run',
    '\u{1b}[2m Test Files \u{1b}[22m \u{1b}[1m\u{1b}[32m2 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (2)\u{1b}[39m\n\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m1 failed\u{1b}[39m\u{1b}[22m\u{1b}[2m | \u{1b}[22m\u{1b}[1m\u{1b}[32m27 passed\u{1b}[39m\u{1b}[22m | 2 skipped | 1 todo\u{1b}[90m (31)\u{1b}[39m\n',
    [27, 1, 3],
  ],
  [
    'node',
    'a run to a pipe',
    'TAP version 13\n1..5\n# tests 5\n# suites 0\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n# duration_ms 175.927956\n',
    [2, 2, 1],
  ],
  ['node', 'zero tests to a terminal', 'ℹ tests 0\nℹ pass 0\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\n', [0, 0, 0]],
  ['image', 'one that was tried', 'dist/x/image: 200 from /healthz\nimage: 1 passed, 0 failed, 0 skipped\n', [1, 0, 0]],
  ['image', 'one that could not be', imageSummary({ passed: 0, failed: 0, skipped: 1 }), [0, 0, 1]],
  ['image', 'words that are no summary', 'image: sha256:0 passed\n', undefined],
  ['node', 'words that are no summary', '# pass the salt\npass 3\n# tests 4\n', undefined],
  ['vitest', 'no test files', 'No test files found, exiting with code 1\n', undefined],
]

describe.each(cases)('%s output of %s', (runner, _, output, expected) => {
  it('is counted', () => {
    const counts = countTests(runner, output)
    expect(counts && [counts.passed, counts.failed, counts.skipped]).toEqual(expected)
  })
})

it('the sum over all runners counts each summary once', () => {
  const output = cases.map(([, , text]) => text).join('\n')
  expect(countAllTests(output)).toEqual({ passed: 57, failed: 10, skipped: 11 })
  expect(countAllTests('no summary')).toBeUndefined()
})
