import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { FIXTURES } from '../core/simulate/fixtures.ts'
import { type CiWorkspace, createCiWorkspace } from '../testing/ci-workspace.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

let ci: CiWorkspace
beforeAll(async () => {
  ci = await createCiWorkspace()
})
afterAll(() => ci.dispose())

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
  expect(readdirSync(join(ci.root, '.github/workflows')).sort()).toEqual(Object.keys(WORKFLOWS))
  const names = FIXTURES.map(({ name }) => name)
  expect(Object.values(WORKFLOWS).flatMap((events) => Object.keys(events).filter((name) => !names.includes(name)))).toEqual([])
})

function jobsOf(workflow: string): string[] {
  const { jobs } = parse(readFileSync(join(ci.root, '.github/workflows', workflow), 'utf8')) as { readonly jobs: object }
  return Object.keys(jobs)
}

it.each(notStarted)('promise-1: $workflow is not started by $event, which is no success', async ({ workflow, event }) => {
  checkOut(event)
  const { status, prose, report } = await ci.simulate(workflow, event)
  expect({ status, report }).toEqual({ status: 3, report: undefined })
  expect(prose).toContain(`.github/workflows/${workflow} is not started: `)
  expect(prose).toMatch(/\n\nthe event starts nothing, so nothing was simulated$/)
})

it.each(started)('$workflow does on $event what it has to', async ({ workflow, event, expected }) => {
  checkOut(event)
  const { status, results, report } = await ci.simulate(workflow, event)
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
      const { status, results, report } = await ci.simulate(workflow, event, { [injection]: [job] })
      const told = { job, status, result: results[job], kind: report?.verdict.kind }
      expect(told).toEqual({ job, status: 1, result, kind: 'red' })
    }
  })
})

function checkOut(event: string): void {
  ci.git('checkout', '-q', event === 'pull-request-workflow-only' ? 'workflows' : 'change')
}
