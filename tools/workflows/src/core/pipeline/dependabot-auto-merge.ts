import { TESTS_OUTPUT } from '../needs.ts'
import type { BotJob, BotTriggers, OpenJob, Workflow } from '../model/types.ts'
import { environmentOf, type PipelineFacts } from './facts.ts'
import { commandJob, ready } from './parts.ts'
import { PINS } from './pins.ts'
import type { CiSection } from './section.ts'
import { PACKAGES_ONLY } from './setup-action.ts'

/** Who opened it, which nobody else can become; who pushed last is another thing. A fork has no such pull request. */
const OF_DEPENDABOT =
  "github.event.pull_request.user.login == 'dependabot[bot]' && github.event.pull_request.head.repo.full_name == github.repository"

/**
 * The workflow that decides about updates of dependencies. What the update brings runs in one job, without rights; the
 * other has rights, and runs only what is on the branch already.
 */
export function dependabotWorkflow(facts: PipelineFacts): Workflow {
  const on: BotTriggers = { pullRequest: { branches: [facts.mainBranch] } }
  return {
    file: 'dependabot-auto-merge.yml',
    name: 'dependabot-auto-merge',
    on,
    concurrency: {
      group: ['dependabot-', { expr: 'github.event.pull_request.number' }],
      cancelInProgress: true,
    },
    env: environmentOf(facts),
    jobs: [plan(facts.section.image), update(facts.section)],
    satisfies: [],
  }
}

function plan(image: OpenJob['machine']): OpenJob {
  return {
    ...commandJob({
      id: 'plan',
      image,
      words: ['npx', '--no', 'interlock', 'ci', 'plan', '-t', 'test'],
      timeoutMinutes: 15,
      purpose: 'whether a test runs for what the update changes',
      satisfies: [],
      // One variable takes 128 KiB, and the matrices of the plan may be larger.
      outputs: [TESTS_OUTPUT],
    }),
    if: { expr: OF_DEPENDABOT },
  }
}

/** A team is asked as `organisation/team`. */
function update({ image, owners }: CiSection): BotJob {
  const reviewers = owners?.everything.map((owner) => owner.slice(1)) ?? []
  return {
    id: 'update',
    trust: 'bot',
    needs: ['plan'],
    // Where the plan failed, an earlier consent is taken back.
    if: { expr: `always() && ${OF_DEPENDABOT}` },
    machine: image,
    timeoutMinutes: 15,
    grants: [
      { scope: 'contents', level: 'write', why: 'to merge, once the gate is green' },
      { scope: 'pull-requests', level: 'write', why: 'to label, and to ask for a review' },
      { scope: 'issues', level: 'write', why: 'to make a label that is not there' },
      { scope: 'checks', level: 'read', why: 'to see whether the gate passed' },
    ],
    steps: [
      ...ready({ ref: { expr: 'github.event.pull_request.base.sha' }, inputs: PACKAGES_ONLY }),
      { kind: 'action', id: 'metadata', name: 'What is updated', pin: PINS.fetchMetadata },
      {
        kind: 'command',
        name: 'Merged by itself, or reviewed',
        if: { expr: 'always()' },
        words: ['npx', '--no', 'interlock', 'ci', 'update', ...(reviewers.length === 0 ? [] : ['--reviewers', ...reviewers])],
        env: {
          GITHUB_TOKEN: { expr: 'github.token' },
          INTERLOCK_NEEDS: { expr: 'toJSON(needs)' },
          INTERLOCK_UPDATE: { expr: 'toJSON(steps.metadata.outputs)' },
        },
      },
    ],
    satisfies: ['DEP-2', 'DEP-3'],
    purpose: 'a patch is merged once the gate is green and a test ran for it; everything else is reviewed',
  }
}
