import { describe, expect, it } from 'vitest'
import { installHint, judgeTests, type TestRun, type TestVerdict } from './test-verdict.ts'

const zero = 'test result: ok. 0 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.00s\n'
const one = 'test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n'

const cases: readonly [string, Partial<TestRun>, TestVerdict][] = [
  ['a test passed', { output: zero + one }, { kind: 'passed', counts: { passed: 1, failed: 0, skipped: 3 } }],
  ['only ignored tests were there', { output: zero }, { kind: 'no-tests', allowed: false }],
  ['no summary was printed although the command ended well', { output: 'all good\n' }, { kind: 'no-tests', allowed: false }],
  ['an empty run is allowed', { output: zero, allowNoTests: true }, { kind: 'no-tests', allowed: true }],
  ['the build failed, whatever is allowed', { status: 101, output: 'error: x\n', allowNoTests: true }, { kind: 'failed' }],
  [
    'pytest collected nothing',
    { runner: 'pytest', status: 5, output: '= no tests ran in 0.01s =\n' },
    { kind: 'no-tests', allowed: false },
  ],
  [
    'vitest found no file',
    { runner: 'vitest', status: 1, output: 'No test files found, exiting with code 1\n' },
    { kind: 'no-tests', allowed: false },
  ],
  [
    'nextest found nothing',
    { runner: 'nextest', status: 4, output: 'error: no tests to run\n' },
    { kind: 'no-tests', allowed: false },
  ],
  [
    'cargo has no nextest',
    { runner: 'nextest', status: 101, output: 'error: no such command: `nextest`\n' },
    { kind: 'not-run', tool: 'cargo-nextest' },
  ],
  [
    'cargo has no llvm-cov',
    { status: 101, output: 'error: no such command: `llvm-cov`\n' },
    { kind: 'not-run', tool: 'cargo-llvm-cov' },
  ],
  [
    'pytest cannot measure',
    {
      runner: 'pytest',
      status: 4,
      output: 'ERROR: usage: __main__.py [options]\n__main__.py: error: unrecognized arguments: --cov --cov-branch\n',
    },
    { kind: 'not-run', tool: 'pytest-cov' },
  ],
  [
    'vitest cannot measure',
    { runner: 'vitest', status: 1, output: " MISSING DEPENDENCY  Cannot find dependency '@vitest/coverage-v8'\n" },
    { kind: 'not-run', tool: '@vitest/coverage-v8' },
  ],
  [
    'uv finds no pytest',
    {
      runner: 'pytest',
      status: 2,
      output: 'error: Failed to spawn: `pytest`\n  Caused by: No such file or directory (os error 2)\n',
    },
    { kind: 'not-run', tool: 'pytest' },
  ],
  [
    'Python has no pytest',
    { runner: 'pytest', status: 1, output: '/usr/bin/python3: No module named pytest\n' },
    { kind: 'not-run', tool: 'pytest' },
  ],
  [
    'uv finds no such Python',
    {
      runner: 'pytest',
      status: 2,
      output: '\u001B[1m\u001B[31merror\u001B[39m\u001B[0m: No interpreter found for Python 3.8 in search path\n',
    },
    { kind: 'not-run', tool: 'Python 3.8' },
  ],
  [
    'pyenv has the Python, but not active',
    { runner: 'pytest', status: 2, output: '  [stderr]\n  pyenv: python3.8: command not found\n' },
    { kind: 'not-run', tool: 'python3.8' },
  ],
  [
    'pyenv lacks the Python that was chosen',
    {
      runner: 'pytest',
      status: 1,
      output: "pyenv: version `9.9.9' is not installed (set by PYENV_VERSION environment variable)\n",
    },
    { kind: 'not-run', tool: '9.9.9' },
  ],
  [
    'the tests passed on another Python than the one that was asked for',
    {
      runner: 'pytest',
      output:
        "warning: Using incompatible environment (`.venv-3.8`) due to `--no-sync` (The project environment's Python version does not satisfy the request: `Python 3.8`)\n== 1 passed in 0.01s ==\n",
    },
    { kind: 'not-run', tool: 'Python 3.8' },
  ],
]

describe.each(cases)('when %s', (_, run, verdict) => {
  it(`the verdict is ${verdict.kind}`, () => {
    expect(judgeTests({ runner: 'cargo', status: 0, output: '', allowNoTests: false, ...run })).toEqual(verdict)
  })
})

it('a missing tool comes with what to type', () => {
  expect([installHint('cargo'), installHint('pytest')]).toEqual([
    'install Rust with rustup',
    'install pytest in the environment of the project',
  ])
  expect([installHint('Python 3.8'), installHint('python3.8'), installHint('9.9.9')]).toEqual(
    ['3.8', '3.8', '9.9.9'].map(
      (version) => `install Python ${version} where the launcher finds it, and make the environment again`,
    ),
  )
})
