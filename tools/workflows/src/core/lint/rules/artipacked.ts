import type { Rule } from '../rule.ts'
import { isAction } from '../uses.ts'
import { textAt } from '../value.ts'

export const artipacked: Rule = {
  id: 'artipacked',
  title: 'A checkout leaves no credentials behind',
  why: 'The checkout writes the token into the clone, where every later step can read it, and from where it gets into artifacts. Whoever has to push can log in for that one command.',
  corresponds: { zizmor: 'artipacked' },
  severity: 'warning',
  remediation: {
    before: '- uses: actions/checkout@…',
    after: '- uses: actions/checkout@…\n  with: { persist-credentials: false }',
  },
  check: ({ steps }) =>
    steps.flatMap(({ uses, value }) =>
      isAction(uses, 'actions/checkout') && textAt(value, 'with', 'persist-credentials') !== 'false'
        ? [{ at: value.from, message: 'The checkout leaves the token in the clone: set persist-credentials to false' }]
        : [],
    ),
}
