import type { Rule } from '../rule.ts'
import { SHA } from '../uses.ts'

export const unpinnedUses: Rule = {
  id: 'unpinned-uses',
  title: 'Every action and called workflow is used by the 40 digits of a commit',
  why: 'A tag or a branch is moved by whoever can write to that repository, and the next run executes what it then names. In March 2025 the tags of tj-actions/changed-files were moved to code that printed secrets.',
  corresponds: { zizmor: 'unpinned-uses', scorecard: 'Pinned-Dependencies' },
  severity: 'error',
  remediation: {
    before: '- uses: actions/checkout@v7',
    after: '- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  },
  check: ({ uses }) =>
    uses.flatMap(({ value, uses: used }) =>
      used.kind === 'repository' && !SHA.test(used.ref)
        ? [
            {
              at: value.from,
              message: `${used.repository} is used by the name ${used.ref}, which can be moved to another commit`,
            },
          ]
        : [],
    ),
}
