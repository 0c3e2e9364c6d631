import { JOB_IDS } from '../jobs.ts'
import type { Expr, Job, Step, Workflow } from '../model/types.ts'
import { PLAN_OUTPUT } from '../needs.ts'
import { type PipelineFacts, targetsOf } from './facts.ts'
import { PINS } from './pins.ts'
import { PACKAGES_ONLY, SETUP } from './setup-action.ts'

/** When the whole workspace runs although nothing changed: tools and advisories move by themselves. */
const NIGHTLY = '0 2 * * *'

const READ: Job['grants'] = [{ scope: 'contents', level: 'read', why: 'to check the commit out' }]

/** The workflow that judges every change: one plan, the jobs of each language, one gate. */
export function ciWorkflow(facts: PipelineFacts): Workflow {
  const targets = targetsOf(facts)
  const checks: Job[] = [
    command({
      id: 'generated-files',
      words: ['npx', '--no', 'nx', 'sync:check'],
      timeoutMinutes: 15,
      purpose: 'closures.json and the workflows are what the sources say',
      satisfies: ['SEC-2'],
    }),
    command({
      id: 'doctor',
      words: ['npx', '--no', 'interlock', 'doctor'],
      timeoutMinutes: 15,
      purpose: 'nothing in the workspace can make a green signal wrong',
      satisfies: [],
    }),
  ]
  const plan: Job = {
    ...command({
      id: 'plan',
      words: ['npx', '--no', 'interlock', 'ci', 'plan', '-t', ...targets],
      timeoutMinutes: 15,
      purpose: 'what this change has to run, and on how many machines',
      satisfies: [],
    }),
    outputs: Object.fromEntries([PLAN_OUTPUT, ...JOB_IDS].map((name) => [name, { expr: `steps.run.outputs.${name}` }])),
  }
  const languages = JOB_IDS.map((id) => languageJob(id, targets))
  const judged = [...checks, plan, ...languages]
  return {
    file: 'ci.yml',
    name: 'ci',
    on: {
      push: { branches: [facts.mainBranch] },
      pullRequest: { branches: [facts.mainBranch] },
      mergeGroup: true,
      schedule: NIGHTLY,
    },
    concurrency: {
      group: ['ci-', { expr: 'github.event.pull_request.number || github.run_id' }],
      cancelInProgress: { expr: "github.event_name == 'pull_request'" },
    },
    env: { NX_ISOLATE_PLUGINS: 'false' },
    jobs: [...judged, gate(judged.map(({ id }) => id))],
    satisfies: ['CI-1'],
  }
}

interface CommandJob extends Pick<Job, 'id' | 'timeoutMinutes' | 'purpose' | 'satisfies'> {
  readonly words: readonly [string, ...string[]]
}

/** A job that makes a machine ready and types one command, which a person can type as well. */
function command({ words, ...job }: CommandJob): Job {
  return {
    ...job,
    needs: [],
    image: 'ubuntu-24.04',
    grants: READ,
    steps: [...ready(), { kind: 'command', id: 'run', name: job.purpose, words }],
  }
}

function languageJob(id: string, targets: readonly string[]): Job {
  const work: Expr = { expr: `fromJSON(needs.plan.outputs.${PLAN_OUTPUT})['${id}'] == 'run'` }
  return {
    id,
    needs: ['plan'],
    if: work,
    image: 'ubuntu-24.04',
    timeoutMinutes: 60,
    grants: READ,
    matrix: { expr: `fromJSON(needs.plan.outputs['${id}'])` },
    steps: [
      ...ready(),
      {
        kind: 'command',
        name: 'What the plan gives this machine',
        words: ['npx', '--no', 'interlock', 'affected', '-t', ...targets],
        env: { INTERLOCK_PROJECTS: { expr: 'matrix.projects' } },
      },
    ],
    satisfies: [],
    purpose: 'its part of the plan, on as many machines as the plan says',
  }
}

function gate(needs: readonly string[]): Job {
  return {
    id: 'gate',
    needs,
    if: { expr: 'always()' },
    image: 'ubuntu-24.04',
    timeoutMinutes: 15,
    grants: READ,
    steps: [
      ...ready(PACKAGES_ONLY),
      {
        kind: 'command',
        name: 'Whether everything ran that had to',
        words: ['npx', '--no', 'interlock', 'ci', 'gate'],
        env: { INTERLOCK_NEEDS: { expr: 'toJSON(needs)' } },
      },
    ],
    satisfies: [],
    purpose: 'the one check that the branch requires',
  }
}

/** A base that is not in the clone runs everything, so the whole history is fetched. */
function ready(inputs?: Readonly<Record<string, string>>): [Step, Step] {
  return [
    { kind: 'action', name: 'Checkout', pin: PINS.checkout, with: { 'fetch-depth': '0', 'persist-credentials': 'false' } },
    { kind: 'local', name: 'Set up', action: SETUP, ...(inputs === undefined ? {} : { with: inputs }) },
  ]
}
