import { JOB_IDS } from '../jobs.ts'
import type { ChangeTriggers, OpenGrant, OpenJob, Workflow } from '../model/types.ts'
import { PLAN_OUTPUT } from '../needs.ts'
import { codeScanning } from './code-scanning.ts'
import { environmentOf, type PipelineFacts, targetsOf } from './facts.ts'
import { FETCHED } from './packages-action.ts'
import { commandJob, gateJob, READ, ready } from './parts.ts'

/** The workflow that judges every change: one plan, the jobs of each language, one gate. */
export function ciWorkflow(facts: PipelineFacts): Workflow {
  const { section, mainBranch } = facts
  const targets = targetsOf(facts)
  const judged = [...checks(facts), ...codeScanning(facts), plan(facts, targets), ...JOB_IDS.map((id) => languageJob(id, facts))]
  const on: ChangeTriggers = {
    push: { branches: [mainBranch] },
    pullRequest: { branches: [mainBranch] },
    mergeGroup: true,
    schedule: [section.schedule],
  }
  return {
    file: 'ci.yml',
    name: 'ci',
    on,
    concurrency: {
      group: ['ci-', { expr: 'github.event.pull_request.number || github.run_id' }],
      cancelInProgress: { expr: "github.event_name == 'pull_request'" },
    },
    env: environmentOf(facts),
    jobs: [...judged, gateJob({ image: section.image, needs: judged.map(({ id }) => id), planned: true })],
    satisfies: ['CI-1'],
  }
}

function checks({ section: { image } }: PipelineFacts): OpenJob[] {
  return [
    commandJob({
      id: 'generated-files',
      image,
      words: ['npx', '--no', 'nx', 'sync:check'],
      timeoutMinutes: 15,
      purpose: 'closures.json and the files of CI are what the sources say',
      satisfies: [],
    }),
    commandJob({
      id: 'policy',
      image,
      words: ['npx', '--no', 'interlock', 'ci', 'policy'],
      timeoutMinutes: 15,
      purpose: 'no rule, no parser and no tool of others finds anything in the files of CI',
      satisfies: ['SEC-2'],
    }),
    commandJob({
      id: 'doctor',
      image,
      words: ['npx', '--no', 'interlock', 'doctor'],
      timeoutMinutes: 15,
      purpose: 'nothing in the workspace can make a green signal wrong',
      satisfies: [],
    }),
  ]
}

function plan({ section: { image } }: PipelineFacts, targets: readonly string[]): OpenJob {
  return commandJob({
    id: 'plan',
    image,
    words: ['npx', '--no', 'interlock', 'ci', 'plan', '-t', ...targets],
    env: { GITHUB_TOKEN: { expr: 'github.token' } },
    grants: [...READ, { scope: 'actions', level: 'read', why: 'to find the newest commit whose gate passed' }],
    outputs: [PLAN_OUTPUT, ...JOB_IDS],
    timeoutMinutes: 15,
    purpose: 'what this change has to run, and on how many machines',
    satisfies: [],
  })
}

/** The reason is also what the rule on identity tokens wants to hear: here the other side asks for the event, not for an environment. */
const IDENTITY: OpenGrant = {
  scope: 'id-token',
  level: 'write',
  why: 'interlock: ignore[id-token-without-environment] to ask the cache, whose policy decides by the event',
}

/** Requirements that the job of a language answers. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = { 'rust-tests': ['CI-2'] }

function languageJob(id: string, facts: PipelineFacts): OpenJob {
  const [checkout, setUp] = ready()
  return {
    id,
    trust: 'open',
    needs: ['plan'],
    if: { expr: `fromJSON(needs.plan.outputs.${PLAN_OUTPUT})['${id}'] == 'run'` },
    machine: facts.section.image,
    timeoutMinutes: 60,
    grants: facts.section.remoteCache ? [...READ, IDENTITY] : READ,
    matrix: { kind: 'plan', of: { expr: `fromJSON(needs.plan.outputs['${id}'])` } },
    steps: [
      checkout,
      FETCHED,
      setUp,
      {
        kind: 'command',
        name: 'What the plan gives this machine',
        words: ['npx', '--no', 'interlock', 'affected', '-t', ...targetsOf(facts)],
        env: {
          INTERLOCK_PLAN: { expr: `needs.plan.outputs.${PLAN_OUTPUT}` },
          INTERLOCK_PROJECTS: { expr: 'matrix.projects' },
        },
      },
    ],
    satisfies: ANSWERS[id] ?? [],
    purpose: 'its part of the plan, on as many machines as the plan says',
  }
}
