import { expect, it } from 'vitest'
import { PINS } from '../pipeline/pins.ts'
import type {
  ActionStep,
  BotTriggers,
  ChangeTriggers,
  CommandStep,
  LabelTriggers,
  OpenJob,
  PrivilegedJob,
  Workflow,
} from './types.ts'

// What the compiler refuses here, `typecheck` proves: an expectation that nothing fulfils is an error of its own.

const STEP: CommandStep = { kind: 'command', name: 'Run', words: ['npx', 'interlock', 'base'] }
const PLAIN = { id: 'one', needs: [], timeoutMinutes: 5, steps: [STEP], satisfies: [], purpose: 'a test' } as const
const open: OpenJob = { ...PLAIN, trust: 'open', machine: 'ubuntu-24.04', grants: [] }
const privileged: PrivilegedJob = {
  ...PLAIN,
  trust: 'privileged',
  machine: 'ubuntu-24.04',
  environment: 'crates',
  grants: [{ scope: 'id-token', level: 'write', why: 'to prove who publishes' }],
  steps: [{ ...STEP, kind: 'secret', secrets: { CARGO_REGISTRY_TOKEN: 'CARGO_REGISTRY_TOKEN' } }],
}
const CHANGE: ChangeTriggers = {
  push: { branches: ['main'] },
  pullRequest: { branches: ['main'] },
  mergeGroup: true,
  schedule: [],
}
const FRAME = {
  file: 'x.yml',
  name: 'x',
  concurrency: { group: 'x', cancelInProgress: false },
  env: {},
  satisfies: [],
}

it('an expression inside a command, an action without a commit and a machine that moves are no steps and jobs', () => {
  // @ts-expect-error an expression is no word
  const expression: CommandStep = { ...STEP, words: ['echo', { expr: 'github.head_ref' }] }
  // @ts-expect-error a tag is no commit
  const unpinned: ActionStep = { kind: 'action', name: 'Use', pin: { ...PINS.checkout, sha: 'v7' } }
  // @ts-expect-error a version of an action is text that begins with v
  const number: ActionStep = { kind: 'action', name: 'Use', pin: { ...PINS.checkout, version: 7 } }
  // @ts-expect-error latest moves without a commit
  const latest: OpenJob = { ...open, machine: 'ubuntu-latest' }
  expect([expression, unpinned, number, latest]).toHaveLength(4)
})

it('a job without an end, with rights or with secrets is none that a pull request can start', () => {
  // @ts-expect-error every job ends
  const endless: OpenJob = { ...open, timeoutMinutes: undefined }
  // @ts-expect-error it could write with what a pull request brings
  const writes: OpenJob = { ...open, grants: [{ scope: 'contents', level: 'write', why: '' }] }
  // @ts-expect-error a permission has its reason
  const silent: OpenJob = { ...open, grants: [{ scope: 'contents', level: 'read' }] }
  // @ts-expect-error secrets are those of an environment, which an open job has not
  const secret: OpenJob = { ...open, steps: privileged.steps }
  // @ts-expect-error an environment is not left out
  const nowhere: PrivilegedJob = { ...privileged, environment: undefined }
  // @ts-expect-error what a cache holds, somebody else wrote
  const cached: PrivilegedJob = { ...privileged, steps: [{ kind: 'cache', name: 'Packages', action: 'packages' }] }
  // @ts-expect-error nor by the action itself
  const stored: ActionStep = { kind: 'action', name: 'Packages', pin: PINS.cache }
  expect([endless, writes, silent, secret, nowhere, cached, stored]).toHaveLength(7)
})

it('a workflow has no other jobs than what starts it allows', () => {
  // @ts-expect-error a pull request starts it
  const change: Workflow = { ...FRAME, on: CHANGE, jobs: [privileged] }
  const label: LabelTriggers = {
    pullRequest: { types: ['labeled'] },
    push: { branches: ['pull-request/[0-9]+'] },
    dispatch: true,
  }
  // @ts-expect-error a label starts it
  const labelled: Workflow = { ...FRAME, on: label, jobs: [privileged] }
  const bot: BotTriggers = { pullRequest: { branches: ['main'] } }
  // @ts-expect-error a pull request of Dependabot starts it
  const bots: Workflow = { ...FRAME, on: bot, jobs: [privileged] }
  const trusted: Workflow = { ...FRAME, on: { push: { branches: ['main'] } }, jobs: [open, privileged] }
  expect([change, labelled, bots, trusted].map(({ jobs }) => jobs.length)).toEqual([1, 1, 1, 2])
})
