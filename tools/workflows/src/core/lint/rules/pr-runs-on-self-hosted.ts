import { hasTrigger } from '../document.ts'
import type { Rule } from '../rule.ts'
import { isSelfHosted } from '../runners.ts'
import { valueAt } from '../value.ts'

export const prRunsOnSelfHosted: Rule = {
  id: 'pr-runs-on-self-hosted',
  title: 'No pull request runs on a machine of your own without an approval',
  why: 'The code of a stranger then runs inside your network, and on a machine that later jobs use as well. An environment with reviewers lets a person look first.',
  corresponds: { poutine: 'pr_runs_on_self_hosted', octoscan: 'runner-label' },
  severity: 'error',
  remediation: {
    before: 'on: pull_request\njobs:\n  test:\n    runs-on: [self-hosted, gpu]',
    after: 'on: pull_request\njobs:\n  test:\n    environment: gpu\n    runs-on: { group: gpu, labels: [self-hosted, gpu] }',
  },
  check: (document) => {
    if (!hasTrigger(document, 'pull_request', 'pull_request_target', 'pull_request_review')) return []
    return document.jobs.flatMap(({ value }) => {
      const machine = valueAt(value, 'runs-on')
      if (machine === undefined || !isSelfHosted(machine) || valueAt(value, 'environment') !== undefined) return []
      return [
        {
          at: machine.from,
          message: 'The code of any pull request runs on a machine of your own, and no environment asks a person first',
        },
      ]
    })
  },
}
