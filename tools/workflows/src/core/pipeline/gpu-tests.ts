import type { ApprovedJob, LabelTriggers, OpenJob, Workflow } from '../model/types.ts'
import { environmentOf, type PipelineFacts } from './facts.ts'
import { commandJob, gateJob, ready } from './parts.ts'
import type { GpuMachines } from './section.ts'

/** Every other label starts the workflow as well, and nothing in it. */
const ASKED = "github.event_name != 'pull_request' || github.event.label.name == 'gpu'"

/**
 * The workflow of the owner's machines: a commit runs there once somebody has labelled its pull request, or mirrored it to
 * `pull-request/N`, and a reviewer of the environment has approved it. A later push needs all of that again.
 */
export function gpuWorkflow(facts: PipelineFacts): Workflow[] {
  const { gpu, image } = facts.section
  if (gpu === undefined) return []
  const on: LabelTriggers = {
    pullRequest: { types: ['labeled'] },
    push: { branches: ['pull-request/[0-9]+'] },
    dispatch: true,
  }
  const judged = ['authorize', 'gpu-performance']
  return [
    {
      file: 'gpu-tests.yml',
      name: 'gpu-tests',
      on,
      concurrency: {
        // A run that waits is ended by a newer one of its group: another label must not end what was asked for.
        group: ['gpu-', { expr: 'github.event.pull_request.number || github.ref' }, '-', { expr: 'github.event.label.name' }],
        cancelInProgress: false,
      },
      env: environmentOf(facts),
      jobs: [
        authorize(image),
        performance(gpu),
        gateJob({ title: 'gpu-gate', image, needs: judged, planned: false, when: ASKED }),
      ],
      satisfies: ['GPU-1'],
    },
  ]
}

/** Runs the code of the branch that is asked for, not what the pull request makes of it. */
function authorize(image: OpenJob['machine']): OpenJob {
  const job = commandJob({
    id: 'authorize',
    image,
    words: ['npx', '--no', 'interlock', 'ci', 'authorize'],
    timeoutMinutes: 15,
    purpose: 'which commit was asked for, and whether it may run on a machine of ours',
    outputs: ['sha'],
    satisfies: [],
  })
  const [, , run] = job.steps
  if (run === undefined) throw new TypeError('a job of one command has three steps')
  const trusted = ready({ ref: { expr: 'github.event.pull_request.base.sha || github.sha' } })
  return { ...job, if: { expr: ASKED }, steps: [...trusted, run] }
}

function performance({ group, labels, environment, targets }: GpuMachines): ApprovedJob {
  return {
    id: 'gpu-performance',
    trust: 'approved',
    needs: ['authorize'],
    machine: { group, labels },
    environment,
    timeoutMinutes: 120,
    grants: [{ scope: 'contents', level: 'read', why: 'to check the commit out' }],
    steps: [
      ...ready({ ref: { expr: 'needs.authorize.outputs.sha' } }),
      {
        kind: 'command',
        name: 'Whether the machine is fit, and what the change reaches on it',
        words: ['npx', '--no', 'interlock', 'ci', 'gpu', '-t', ...targets],
      },
    ],
    satisfies: [],
    purpose: 'the tasks of the change that need a GPU, on a machine that has one',
  }
}
