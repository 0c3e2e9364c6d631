import type { Rule } from '../rule.ts'
import { textAt } from '../value.ts'

export const anonymousDefinition: Rule = {
  id: 'anonymous-definition',
  title: 'Every workflow and action has a name',
  why: 'Without one the list of runs shows the path of a file.',
  corresponds: { zizmor: 'anonymous-definition' },
  severity: 'note',
  remediation: { before: 'on: push', after: 'name: ci\non: push' },
  check: ({ kind, root }) =>
    kind !== 'dependabot' && textAt(root, 'name') === '' ? [{ at: root.from, message: `The ${kind} has no name` }] : [],
}
