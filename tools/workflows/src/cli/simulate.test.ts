import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Invocation, Outcome } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { WHOLE_SECTION } from '../testing/facts.ts'
import type { WorkflowReport } from '../core/simulate/report.ts'
import { FIXTURES } from '../core/simulate/fixtures.ts'
import { verbs } from './index.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'interlock-ci-'))
const memory = mkdtempSync(join(tmpdir(), 'interlock-told-'))

const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\n.nx\n',
  'nx.json': '{ "analytics": false, "cacheDirectory": ".nx/cache", "plugins": ["@interlock/nx/plugin"] }',
  'package.json': '{ "name": "w", "private": true }',
  'interlock.yaml': `${WHOLE_SECTION}  targets: [format, lint, typecheck, test]\n`,
  'tsconfig.base.json': readFileSync(join(REPOSITORY, 'tsconfig.base.json'), 'utf8'),
  'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
  'crates/he/Cargo.toml': '[package]\nname = "he"\nversion = "0.1.0"\nedition = "2024"\n',
  'crates/he/src/lib.rs': '',
  'crates/proxy/Cargo.toml':
    '[package]\nname = "proxy"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\nhe = { path = "../he" }\n',
  'crates/proxy/src/lib.rs': '',
  'py/client/pyproject.toml': '[project]\nname = "client"\nversion = "0.1"\n[tool.pytest.ini_options]\n',
}

/**
 * Stands before the real npx: what it answered to a question once, it tells again. The gate is asked about the same results
 * and the plan about the same event and commit many times, and each answer takes seconds.
 */
const NPX = `#!/bin/bash
if [[ -n $INTERLOCK_NEEDS ]]; then question=$INTERLOCK_NEEDS; else question="$(git rev-parse HEAD) $GITHUB_EVENT_NAME $(< "$GITHUB_EVENT_PATH")"; fi
key=$(printf '%s\\n' "$*" "$question" | sha256sum)
told="${memory}/\${key%% *}"
if [[ ! -e $told/status ]]; then
  mkdir -p "$told"
  GITHUB_OUTPUT="$told/output" PATH="\${PATH#*:}" npx "$@" > "$told/text" 2>&1
  echo $? > "$told/status"
fi
cat "$told/text"
[[ ! -e $told/output ]] || cat "$told/output" >> "$GITHUB_OUTPUT"
exit "$(< "$told/status")"
`

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function git(...words: readonly string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid']
  return execFileSync('git', [...who, ...words], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

function commit(message: string): void {
  git('add', '-A')
  git('commit', '-q', '-m', message)
}

function verb(name: string): (given: Partial<Invocation>) => Promise<Outcome> {
  const found = verbs.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no verb ${name}`)
  return (given) => found.run({ root, env: process.env, arguments: [], options: {}, rest: [], json: true, ...given })
}

const PASS = ['NODE_OPTIONS', 'NX_DAEMON']

beforeAll(async () => {
  for (const name of Object.keys(process.env)) if (/^(?:NX|GITHUB|INTERLOCK)_|^CI$/u.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('NODE_OPTIONS', '--conditions=@interlock/source')
  vi.stubEnv('NX_DAEMON', 'false')
  vi.stubEnv('PATH', `${memory}/bin:${process.env['PATH']}`)
  mkdirSync(join(memory, 'bin'))
  writeFileSync(join(memory, 'bin/npx'), NPX)
  chmodSync(join(memory, 'bin/npx'), 0o755)
  for (const [path, text] of Object.entries(FILES)) write(path, text)
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'), 'junction')
  git('init', '-q', '-b', 'main')
  await verb('ci generate')({})
  commit('main')
  git('checkout', '-q', '-b', 'change')
  write('crates/proxy/src/lib.rs', '// changed\n')
  commit('change proxy')
  git('checkout', '-q', '-b', 'workflows', 'main')
  write('.github/workflows/ci.yml', `${readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')}# changed\n`)
  commit('change a workflow')
  git('checkout', '-q', 'change')
})
afterAll(() => {
  vi.unstubAllEnvs()
  for (const folder of [root, memory]) rmSync(folder, { recursive: true, force: true })
})

interface Told {
  readonly status: number
  readonly prose: string
  readonly report: WorkflowReport | undefined
  readonly results: Readonly<Record<string, string>>
}

async function simulate(workflow: string, event: string, more: Invocation['options'] = {}): Promise<Told> {
  const options = { workflow, event, controlFlow: true, pass: PASS, ...more }
  const { status, prose, data } = await verb('ci simulate')({ options })
  const [report] = (data as { readonly workflows: readonly WorkflowReport[] }).workflows
  return { status, prose, report, results: Object.fromEntries((report?.jobs ?? []).map(({ id, result }) => [id, result])) }
}

/** What each event does to the jobs of a workflow: those that are not named succeed. An event that is not named starts nothing. */
type Expected = Readonly<Record<string, Readonly<Record<string, string>>>>

const NO_WORK = 'skipped'
/** Everything of this workspace, which has crates and a Python package. */
const EVERYTHING = { 'build-docs': NO_WORK, 'typescript-tests': NO_WORK, 'other-tests': NO_WORK }
const CHANGED_CRATE = { ...EVERYTHING, 'python-tests': NO_WORK }
const OF_A_PERSON = { plan: NO_WORK, update: NO_WORK }

const WORKFLOWS: Readonly<Record<string, Expected>> = {
  'ci.yml': {
    push: EVERYTHING,
    'pull-request-opened': CHANGED_CRATE,
    'pull-request-synchronize': CHANGED_CRATE,
    'pull-request-reopened': CHANGED_CRATE,
    'pull-request-fork': CHANGED_CRATE,
    'pull-request-dependabot': CHANGED_CRATE,
    'pull-request-dependabot-major': CHANGED_CRATE,
    // A workflow says what runs, so nothing can be left out by what it says itself.
    'pull-request-workflow-only': EVERYTHING,
    // The base of a group is asked of the remote, which this clone does not have.
    'merge-group': EVERYTHING,
    schedule: EVERYTHING,
  },
  'dependabot-auto-merge.yml': {
    'pull-request-opened': OF_A_PERSON,
    'pull-request-synchronize': OF_A_PERSON,
    'pull-request-reopened': OF_A_PERSON,
    'pull-request-fork': OF_A_PERSON,
    'pull-request-dependabot': {},
    'pull-request-dependabot-major': {},
    'pull-request-workflow-only': OF_A_PERSON,
  },
  'docs.yml': { push: {}, 'workflow-dispatch': {} },
  'gpu-tests.yml': { 'push-pull-request-branch': {}, 'pull-request-labeled': {}, 'workflow-dispatch': {} },
  'maintenance.yml': { schedule: {}, 'workflow-dispatch': {} },
}

const cases = Object.entries(WORKFLOWS).flatMap(([workflow, events]) =>
  FIXTURES.map(({ name: event }) => ({ workflow, event, expected: events[event] })),
)
const started = cases.flatMap(({ expected, ...each }) => (expected === undefined ? [] : [{ ...each, expected }]))
const notStarted = cases.filter(({ expected }) => expected === undefined)
const judged = started.filter(({ workflow }) => workflow !== 'dependabot-auto-merge.yml')

it('every workflow that is generated is tried with every event', () => {
  expect(readdirSync(join(root, '.github/workflows')).sort()).toEqual(Object.keys(WORKFLOWS))
  const names = FIXTURES.map(({ name }) => name)
  expect(Object.values(WORKFLOWS).flatMap((events) => Object.keys(events).filter((name) => !names.includes(name)))).toEqual([])
})

function jobsOf(workflow: string): string[] {
  const { jobs } = parse(readFileSync(join(root, '.github/workflows', workflow), 'utf8')) as { readonly jobs: object }
  return Object.keys(jobs)
}

it.each(notStarted)('promise-1: $workflow is not started by $event, which is no success', async ({ workflow, event }) => {
  checkOut(event)
  const { status, prose, report } = await simulate(workflow, event)
  expect({ status, report }).toEqual({ status: 3, report: undefined })
  expect(prose).toContain(`.github/workflows/${workflow} is not started: `)
  expect(prose).toMatch(/\n\nthe event starts nothing, so nothing was simulated$/)
})

it.each(started)('$workflow does on $event what it has to', async ({ workflow, event, expected }) => {
  checkOut(event)
  const { status, results, report } = await simulate(workflow, event)
  expect(results).toEqual({ ...Object.fromEntries(jobsOf(workflow).map((job) => [job, 'success'])), ...expected })
  const nothing = Object.values(results).every((result) => result === NO_WORK)
  expect({ status, kind: report?.verdict.kind }).toEqual(nothing ? { status: 3, kind: 'empty' } : { status: 0, kind: 'green' })
})

describe.each([
  ['fail', 'failure', 0],
  ['skip', 'skipped', 1],
  ['cancel', 'cancelled', 2],
] as const)('promise-1: a job that is made to %s', (injection, result, turn) => {
  it.each(judged)('makes $workflow red on $event', async ({ workflow, event, expected }) => {
    checkOut(event)
    const running = jobsOf(workflow).filter((id) => expected[id] !== NO_WORK)
    // Every job in turn where the most of them start; another one for each injection everywhere else.
    const all = workflow === 'ci.yml' && event === 'push' && injection === 'fail'
    const chosen = all ? running : [running[turn % running.length] ?? 'gate']
    for (const job of chosen) {
      const { status, results, report } = await simulate(workflow, event, { [injection]: [job] })
      const told = { job, status, result: results[job], kind: report?.verdict.kind }
      expect(told).toEqual({ job, status: 1, result, kind: 'red' })
    }
  })
})

function checkOut(event: string): void {
  git('checkout', '-q', event === 'pull-request-workflow-only' ? 'workflows' : 'change')
}

describe('interlock ci simulate', () => {
  beforeAll(() => {
    git('checkout', '-q', 'change')
  })

  it('tells each job, what did not run, and the verdict', async () => {
    const { prose, status } = await simulate('ci.yml', 'pull-request-opened', { fail: ['rust-tests (1)'] })
    expect(status).toBe(1)
    expect(prose).toMatch(/^pull_request on refs\/pull\/7\/merge \([0-9a-f]{12}\)\n\n\.github\/workflows\/ci\.yml\n/)
    expect(prose).toContain('\n  success    doctor (nothing of it ran)\n')
    expect(prose).toContain('\n  success    plan\n')
    expect(prose).toMatch(/\n {2}failure {4}rust-tests \(1, 1, proxy\): given with --fail rust-tests \(1\)\n/)
    expect(prose).toMatch(/\n {2}failure {4}gate: the step "Whether everything ran that had to": it exited with 5\n {4}\| /)
    expect(prose).toContain('    | red    rust-tests failed\n')
    expect(prose).toMatch(
      /\n {2}2 commands ran, \d+ actions had a stand-in, and \d+ commands did not run: this tests the control flow alone\n/,
    )
    expect(prose).toMatch(/\n {2}red: the required check "gate" ended with failure$/)
  })

  it('lists the events and what each starts', async () => {
    const { status, prose } = await verb('ci simulate')({ options: { list: true, workflow: 'ci.yml' } })
    expect(status).toBe(0)
    expect(prose.split('\n')).toHaveLength(FIXTURES.length)
    expect(prose).toMatch(/^push +a push to the main branch: ci\.yml\n/)
    expect(prose).toMatch(/\npull-request-labeled +the label gpu is put on a pull request: starts nothing\n/)
  })

  it('takes an event from a file', async () => {
    writeFileSync(join(memory, 'event.json'), JSON.stringify({ name: 'schedule', payload: { schedule: '0 2 * * *' } }))
    const { status, results } = await simulate('ci.yml', join(memory, 'event.json'))
    expect({ status, python: results['python-tests'] }).toEqual({ status: 0, python: 'success' })
  })

  it('promise-1: says with status 3 that an injected result changed nothing', async () => {
    const { status, prose } = await simulate('ci.yml', 'pull-request-opened', { fail: ['build-docs'] })
    expect(status).toBe(3)
    expect(prose).toContain('--fail build-docs changed nothing: the job did not start: its condition does not hold: ')
  })

  it('runs a workflow that was written by hand, for real, here or in a copy', async () => {
    const text = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: test -f uncommitted && pwd\n'
    write('.github/workflows/hand.yml', text)
    commit('a workflow by hand')
    write('uncommitted', '')
    const options = { workflow: 'hand.yml', event: 'push' }
    const here = await verb('ci simulate')({ options })
    expect(here).toMatchObject({
      status: 0,
      prose: expect.stringContaining('1 command ran, 0 actions had a stand-in\n  green: '),
    })
    const copied = await verb('ci simulate')({ options: { ...options, copy: true } })
    expect(copied).toMatchObject({ status: 1, prose: expect.stringContaining('failure    a: the step') })
    git('reset', '-q', '--hard', 'HEAD~1')
    rmSync(join(root, 'uncommitted'))
  })

  it.each<[Invocation['options'], string]>([
    [{}, 'USAGE: there is no event to simulate'],
    [{ event: 'pull-request-open' }, 'neither a fixture nor a file\n\nhint: did you mean pull-request-opened?'],
    [{ event: 'nosuch.json' }, 'FILE_UNREADABLE: nosuch.json: cannot be read (ENOENT)'],
    [{ event: 'package.json' }, 'CONFIG_INVALID: package.json: '],
    [{ event: 'push', workflow: 'c.yml' }, 'hint: did you mean ci.yml?'],
    [{ event: 'push', workflow: '../../package.json' }, 'USAGE: there is no workflow "../../package.json"'],
    [{ event: 'push', fail: ['rust-test'] }, 'hint: did you mean rust-tests?'],
    [{ event: 'push', fail: ['$(id)'] }, 'USAGE: --fail $(id): is not the id of a job'],
    [{ event: 'push', skip: ['rust-tests (1)'] }, 'skips a job as a whole'],
    [{ event: 'push', fail: ['plan'], cancel: ['plan'] }, 'USAGE: plan is given two results'],
    [{ event: 'push', copy: true, controlFlow: true }, 'USAGE: --copy and --control-flow exclude each other'],
    [
      { event: 'pull-request-workflow-only' },
      'USAGE: --event pull-request-workflow-only: crates/proxy/src/lib.rs is changed too since ',
    ],
  ])('refuses %j', async (options, says) => {
    await expect(verb('ci simulate')({ options })).rejects.toThrow(says)
  })

  it('names a workflow that cannot be read, with its place', async () => {
    write('.github/workflows/broken.yml', 'on: push\njobs:\n  a:\n    runs-on: x\n    steps: []\n')
    await expect(verb('ci simulate')({ options: { event: 'push' } })).rejects.toThrow(
      'CONFIG_INVALID: .github/workflows/broken.yml:5:5: jobs.a.steps: has no step',
    )
    rmSync(join(root, '.github/workflows/broken.yml'))
    symlinkSync('nowhere.yml', join(root, '.github/workflows/linked.yml'))
    await expect(verb('ci simulate')({ options: { event: 'push' } })).rejects.toThrow(
      'CONFIG_INVALID: .github/workflows/linked.yml: cannot be read (ENOENT)',
    )
    rmSync(join(root, '.github/workflows/linked.yml'))
  })

  it('needs a commit, and a workflow', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'interlock-empty-'))
    writeFileSync(join(empty, 'nx.json'), '{}')
    const options = { event: 'push' }
    await expect(verb('ci simulate')({ root: empty, options })).rejects.toThrow('GIT_FAILED: there is no commit here')
    const quiet = { cwd: empty, stdio: 'ignore' as const }
    execFileSync('git', ['init', '-q'], quiet)
    await expect(verb('ci simulate')({ root: empty, options })).rejects.toThrow('GIT_FAILED: there is no commit here')
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', 'commit', '-q', '--allow-empty', '-m', 'x'], quiet)
    await expect(verb('ci simulate')({ root: empty, options })).rejects.toThrow(
      'USAGE: there is no workflow in .github/workflows',
    )
    rmSync(empty, { recursive: true })
  })
})
