import type { Rule } from '../rule.ts'
import { textAt } from '../value.ts'

export const anonymousDefinition: Rule = {
  id: 'anonymous-definition',
  title: 'Every workflow and job has a name',
  why: 'Without one the list of runs shows the path of a file, and the list of checks an id that changes with the code.',
  corresponds: { zizmor: 'anonymous-definition' },
  severity: 'note',
  remediation: { before: 'on: push', after: 'name: ci\non: push' },
  check: ({ kind, root, jobs }) => {
    // Of an action GitHub's parser asks for a name itself.
    if (kind !== 'workflow') return []
    const nameless = jobs.filter(({ value }) => textAt(value, 'name') === '')
    return [
      ...(textAt(root, 'name') === '' ? [{ at: root.from, message: 'The workflow has no name' }] : []),
      ...nameless.map(({ id, at }) => ({ at, message: `The job ${id} has no name` })),
    ]
  },
}
