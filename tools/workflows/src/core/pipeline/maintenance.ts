import type { HostedImage, OpenJob, TrustedTriggers, Workflow } from '../model/types.ts'
import { environmentOf, type PipelineFacts } from './facts.ts'
import { commandJob, gateJob, READ } from './parts.ts'
import { MONTHLY_SETUP } from './setup-action.ts'

/** The first of each month: no change brings to light what grows old by itself. */
const MONTHLY = '0 4 1 * *'

/** The workflow that looks after the workflows. */
export function maintenanceWorkflow(facts: PipelineFacts): Workflow {
  const { image, monthly, monthlySetup } = facts.section
  const on: TrustedTriggers = { schedule: [MONTHLY], dispatch: true }
  const jobs = [
    commandJob({
      id: 'pins',
      image,
      words: ['npx', '--no', 'interlock', 'ci', 'pins', '--update'],
      timeoutMinutes: 15,
      purpose: 'which actions have a newer version, and whether the tags still mean the same commits',
      satisfies: [],
    }),
    commandJob({
      id: 'report',
      image,
      words: ['npx', '--no', 'interlock', 'ci', 'report'],
      env: { GITHUB_TOKEN: { expr: 'github.token' } },
      grants: [...READ, { scope: 'actions', level: 'read', why: 'to see how long the runs took' }],
      timeoutMinutes: 15,
      purpose: 'how long the workflows take, what had to be repeated, which secrets are old',
      satisfies: ['MNT-1'],
    }),
    ...(monthly.length === 0 ? [] : [longTargets({ image, targets: monthly, needsMore: monthlySetup.length > 0 })]),
  ]
  return {
    file: 'maintenance.yml',
    name: 'maintenance',
    on,
    concurrency: { group: 'maintenance', cancelInProgress: false },
    env: environmentOf(facts),
    jobs: [...jobs, gateJob({ title: 'maintenance-gate', image, needs: jobs.map(({ id }) => id), planned: false })],
    satisfies: [],
  }
}

interface LongTargets {
  readonly image: HostedImage
  readonly targets: readonly string[]
  /** Whether its machine is set up with more than others. */
  readonly needsMore: boolean
}

/** On all projects, whatever changed; a target that none of them has is an error. */
function longTargets({ image, targets, needsMore }: LongTargets): OpenJob {
  return commandJob({
    id: 'monthly',
    image,
    inputs: needsMore ? MONTHLY_SETUP : undefined,
    words: ['npx', '--no', 'interlock', 'affected', '--all', '-t', ...targets],
    timeoutMinutes: 120,
    purpose: 'the targets that take too long for every change',
    satisfies: [],
  })
}
