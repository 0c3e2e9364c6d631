import type { Rule } from '../rule.ts'

const DANGEROUS: Readonly<Record<string, string>> = {
  issue_comment: 'runs with the rights of the main branch for what anybody writes under an issue',
  pull_request_target: 'gives the pull request of a stranger the token and the secrets of the main branch',
  workflow_run: 'runs with the rights of the main branch after a run that a stranger may have started',
}

export const dangerousTriggers: Rule = {
  id: 'dangerous-triggers',
  title: 'Nothing that a stranger starts runs with the rights of the main branch',
  why: 'One checkout of the pull request, one expression or one cache is enough to hand over the token. GitHub restricts pull_request_target on public repositories since November 2026.',
  corresponds: { zizmor: 'dangerous-triggers', poutine: 'default_permissions_on_risky_events', scorecard: 'Dangerous-Workflow' },
  severity: 'error',
  remediation: { before: 'on: pull_request_target', after: 'on: pull_request' },
  check: ({ triggers }) =>
    triggers.flatMap(({ key, at }) => (DANGEROUS[key] === undefined ? [] : [{ at, message: `${key} ${DANGEROUS[key]}` }])),
}
