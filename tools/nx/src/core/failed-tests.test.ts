import { describe, expect, it } from 'vitest'
import { failedTests, failedTestsText } from './failed-tests.ts'

// Lines as the runners print them: cargo 1.95, nextest 0.9, pytest 8, Vitest 4, Node 20.
const cases: readonly [string, string, readonly string[]][] = [
  [
    'cargo',
    'test tests::ok ... ok\ntest tests::p - should panic ... FAILED\ntest tests::a_is_b ... FAILED\n\nfailures:\n    tests::a_is_b\n\ntest result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.14s\ntest src/lib.rs - f (line 2) ... FAILED\n',
    ['tests::p', 'tests::a_is_b', 'src/lib.rs - f (line 2)'],
  ],
  [
    'nextest',
    '        PASS [   0.005s] c tests::ok\n        FAIL [   0.012s] c tests::a_is_b\n     Summary [   0.021s] 2 tests run: 1 passed, 1 failed, 0 skipped\n        FAIL [   0.012s] (1/2) c tests::a_is_b\n',
    ['c tests::a_is_b'],
  ],
  [
    'pytest',
    'E       assert 1 == 2\n=========================== short test summary info ============================\r\nFAILED test_a.py::test_a - assert 1 == 2\r\nFAILED tests/test_a.py::test_p[a b - c]\r\nERROR test_a.py::test_b - RuntimeError: no\r\nFAIL Required test coverage of 85% not reached. Total coverage: 80.00%\r\n',
    [
      'test_a.py::test_a - assert 1 == 2',
      'tests/test_a.py::test_p[a b - c]',
      'test_a.py::test_b - RuntimeError: no',
      'Required test coverage of 85% not reached. Total coverage: 80.00%',
    ],
  ],
  [
    'vitest',
    '\u001b[41m\u001b[1m FAIL \u001b[22m\u001b[49m \u001b[30m\u001b[45m kit \u001b[49m\u001b[39m src/zy.test.ts\u001b[2m > \u001b[22ma > b\u001b[2m > \u001b[22m1 is 2\n FAIL   kit  src/zz.test.ts [ src/zz.test.ts ]\nERROR: Coverage for lines (80.9%) does not meet global threshold (85%)\n',
    [
      'kit  src/zy.test.ts > a > b > 1 is 2',
      'kit  src/zz.test.ts [ src/zz.test.ts ]',
      'Coverage for lines (80.9%) does not meet global threshold (85%)',
    ],
  ],
  [
    'node to a terminal',
    '▶ group\n  ✖ two is three (8.653057ms)\n✖ group (10.027284ms)\nℹ fail 2\n\n✖ failing tests:\n✖ two is three (8.653057ms)\n',
    ['two is three', 'group'],
  ],
  ['node to a pipe', '    not ok 1 - two is three\nnot ok 1 - group\n# fail 2\n', ['two is three', 'group']],
  ['a compiler', 'error[E0308]: mismatched types\nFAILED: build stopped\n', []],
]

describe('what has failed', () => {
  it.each(cases)('is named by %s', (_, output, expected) => {
    expect(failedTests(output)).toEqual(expected)
  })

  it('is bounded in number and length', () => {
    const many = failedTests(Array.from({ length: 1000 }, (_, index) => `test t${index}${'x'.repeat(999)} ... FAILED`).join('\n'))
    expect(many).toHaveLength(200)
    expect(Math.max(...many.map((name) => name.length))).toBe(240)
  })
})

describe('the text under the table', () => {
  it('names each with its task, and says how many it leaves out', () => {
    const tasks = [
      { project: 'he', target: 'test', failures: ['a', 'b'] },
      { project: 'he', target: 'lint' },
      { project: 'kit', target: 'test:coverage', failures: ['c'] },
    ]
    expect(failedTestsText(tasks)).toBe('failed:\n  he:test  a\n  he:test  b\n  kit:test:coverage  c')
    expect(failedTestsText(tasks, 1)).toBe('failed:\n  he:test  a\n  and 2 more, in the output above')
    expect(failedTestsText([{ project: 'he', target: 'lint' }])).toBe('')
  })
})
