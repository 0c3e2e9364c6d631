import { commentAt } from '../document.ts'
import type { Rule } from '../rule.ts'
import { SHA, versionOf } from '../uses.ts'

export const versionComment: Rule = {
  id: 'version-comment',
  title: 'Every commit of an action has its version beside it',
  why: 'Nobody can tell from 40 digits which version they are, and Dependabot updates the comment only where there is one.',
  corresponds: 'none',
  severity: 'note',
  remediation: {
    before: '- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1',
    after: '- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  },
  check: (document) =>
    document.uses.flatMap(({ value, uses }) => {
      if (uses.kind !== 'repository' || !SHA.test(uses.ref)) return []
      const comment = commentAt(document, value.from)
      if (comment !== undefined && versionOf(comment.text) !== undefined) return []
      const found = comment === undefined ? 'has no comment' : `has the comment "${comment.text}", which is no version`
      return [{ at: value.from, message: `The commit of ${uses.repository} ${found}` }]
    }),
}
