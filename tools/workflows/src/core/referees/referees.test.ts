import { EXIT } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { act } from './act.ts'
import { actionlint } from './actionlint.ts'
import { checkJsonschema } from './check-jsonschema.ts'
import { type Exception, EXCEPTIONS } from './exceptions.ts'
import { judgedFiles } from './judged-files.ts'
import type { Finding, Referee } from './types.ts'
import { statusOf, verdictOf } from './verdict.ts'
import { zizmor } from './zizmor.ts'

const CI = '.github/workflows/ci.yml'
const COMPLETED = `\u001B[32m INFO\u001B[0m audit: zizmor: completed ${CI}\n`

function read(
  referee: Referee,
  output: { readonly status: number; readonly stdout?: string; readonly stderr?: string },
): unknown {
  return referee.read({ stdout: '', stderr: '', ...output }, { args: [], files: [CI] })
}

describe('promise-1: an answer that cannot be trusted is none', () => {
  it.each<[string, Referee, Parameters<typeof read>[1], RegExp]>([
    ['zizmor died', zizmor, { status: 1, stderr: 'fatal: no audit was performed\n' }, /^it wrote nothing: fatal: no audit/u],
    ['zizmor was cut off', zizmor, { status: 0, stdout: '[{' }, /not JSON/u],
    ['zizmor has another form', zizmor, { status: 0, stdout: '{"runs":[]}', stderr: COMPLETED }, /a form that is not known/u],
    ['zizmor passed a file over', zizmor, { status: 0, stdout: '[]' }, /^it did not look at \.github\/workflows\/ci\.yml$/u],
    ['actionlint could not read', actionlint, { status: 3, stdout: '', stderr: 'could not read "x"' }, /could not read "x"$/u],
    ['actionlint fails and finds nothing', actionlint, { status: 1, stdout: '[]' }, /ended with status 1/u],
    ['check-jsonschema broke', checkJsonschema, { status: 1, stderr: 'Traceback\nOSError: x' }, /OSError: x$/u],
    [
      'check-jsonschema fails and finds nothing',
      checkJsonschema,
      { status: 1, stdout: '{"status":"ok","errors":[]}' },
      /status 1/u,
    ],
    ['act has no file', act, { status: 1, stderr: 'Error: stat x: no such file\n' }, /^it ended with status 1: Error: stat x/u],
  ])('%s', (_, referee, output, reason) => {
    expect(read(referee, output)).toEqual({ kind: 'unreadable', reason: expect.stringMatching(reason) as string })
  })
})

describe('an answer', () => {
  it('is what the JSON says, not the status', () => {
    const found = [{ ident: 'x', desc: 'd', locations: [] }]
    expect(read(zizmor, { status: 0, stdout: JSON.stringify(found), stderr: COMPLETED })).toEqual({
      kind: 'read',
      findings: [{ referee: 'zizmor', rule: 'x', file: '', message: 'd' }],
    })
    expect(read(zizmor, { status: 14, stdout: '[]', stderr: COMPLETED })).toEqual({ kind: 'read', findings: [] })
  })

  it('names the deepest place that a schema refuses, and what is no YAML at all', () => {
    const stdout = JSON.stringify({
      status: 'fail',
      errors: [{ filename: CI, path: '$.jobs.a', message: 'm', best_deep_match: { path: '$.jobs.a.steps', message: 'deep' } }],
      parse_errors: [{ filename: 'b.yml', message: 'Failed to parse b.yml' }],
    })
    expect(read(checkJsonschema, { status: 1, stdout })).toMatchObject({
      findings: [
        { file: CI, rule: 'schema', message: '$.jobs.a.steps: deep' },
        { file: 'b.yml', rule: 'syntax', message: 'Failed to parse b.yml' },
      ],
    })
  })

  it('of act has a line where act names one', () => {
    const stderr = "warning\nError: workflow is not valid. 'ci.yml': Line: 2 Column 11: Unknown Property x\nmore\n"
    expect(read(act, { status: 1, stderr })).toMatchObject({
      findings: [{ file: CI, line: 2, message: 'Column 11: Unknown Property x' }],
    })
  })
})

const FINDING: Finding = { referee: 'actionlint', rule: 'r', file: CI, message: 'wrong: x' }
const EXCEPTION: Exception = { referee: 'actionlint', message: /^wrong: x$/u, reason: 'why', until: '2.0' }
const BASE = { name: 'actionlint', version: '1', files: 1 } as const
const UNREADABLE = { kind: 'unreadable', reason: 'r' } as const

describe('a verdict', () => {
  it('does not count what an exception speaks of, and nothing else', () => {
    const readings = [{ kind: 'read', findings: [FINDING, { ...FINDING, message: 'wrong: xy' }] }] as const
    expect(verdictOf(BASE, readings, [EXCEPTION])).toMatchObject({ outcome: 'findings', findings: [{ message: 'wrong: xy' }] })
    const zizmors = [{ kind: 'read', findings: [{ ...FINDING, referee: 'zizmor' }] }] as const
    expect(verdictOf(BASE, zizmors, [EXCEPTION])).toMatchObject({ outcome: 'findings' })
    const excepted = verdictOf(BASE, [{ kind: 'read', findings: [FINDING] }], [EXCEPTION])
    expect(excepted).toMatchObject({ outcome: 'clean', findings: [], excepted: [{ finding: FINDING, exception: EXCEPTION }] })
  })

  it('promise-1: is clean only when every answer was read', () => {
    const clean = { kind: 'read', findings: [] } as const
    expect(verdictOf(BASE, [clean, UNREADABLE], [])).toMatchObject({ outcome: 'not run', reason: 'r' })
    expect(verdictOf(BASE, [{ kind: 'read', findings: [FINDING] }, UNREADABLE], [])).toMatchObject({ outcome: 'findings' })
  })

  it('gives a status: findings before what was not run, and nothing is not clean', () => {
    const [clean, notRun, findings] = (['clean', 'not run', 'findings'] as const).map((outcome) => ({
      ...verdictOf(BASE, [], []),
      outcome,
    }))
    expect(statusOf([clean!, clean!])).toBe(EXIT.done)
    expect(statusOf([clean!, notRun!])).toBe(EXIT.environment)
    expect(statusOf([notRun!, findings!, clean!])).toBe(EXIT.checkFailed)
    expect(statusOf([])).toBe(EXIT.environment)
  })
})

it('every exception says why, until when, and speaks of one message', () => {
  for (const { message, reason, until } of EXCEPTIONS) {
    expect(`${reason} ${until}`).toMatch(/\w{3}.*\w{3}/u)
    expect(message.source).toMatch(/^\^\w{3}/u)
  }
})

it('files are judged as what GitHub takes them for', () => {
  const paths = [
    '.github/workflows/b.yml',
    '.github/workflows/a.yaml',
    '.github/workflows/deep/c.yml',
    '.github/workflows/$(id).yml',
    '.github/actions/x/action.yml',
    '.github/dependabot.yml',
    '.github/CODEOWNERS',
    'workflows/d.yml',
  ]
  expect(judgedFiles(paths)).toEqual({
    workflows: ['.github/workflows/$(id).yml', '.github/workflows/a.yaml', '.github/workflows/b.yml'],
    actions: ['.github/actions/x/action.yml'],
    dependabot: ['.github/dependabot.yml'],
  })
})
