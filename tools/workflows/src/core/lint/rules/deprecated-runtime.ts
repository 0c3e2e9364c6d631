import { commentAt } from '../document.ts'
import type { Rule } from '../rule.ts'
import { SHA, versionOf } from '../uses.ts'

/** The first major version of an action that runs on Node 24. */
const FIRST_ON_NODE_24: Readonly<Record<string, number>> = {
  'actions/cache': 5,
  'actions/checkout': 5,
  'actions/download-artifact': 7,
  'actions/github-script': 8,
  'actions/labeler': 6,
  'actions/setup-go': 6,
  'actions/setup-java': 5,
  'actions/setup-node': 5,
  'actions/setup-python': 6,
  'actions/stale': 10,
  'actions/upload-artifact': 6,
}

export const deprecatedRuntime: Rule = {
  id: 'deprecated-runtime',
  title: 'No action needs a Node that the machines give up',
  why: 'Node 12, 16 and 20 have no support any more. A machine that no longer has them fails the job, or runs the action on a Node that nobody tried it on.',
  corresponds: { actionlint: 'action' },
  severity: 'warning',
  remediation: {
    before: '- uses: actions/checkout@v4',
    after: '- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  },
  check: (document) =>
    document.uses.flatMap(({ value, uses }) => {
      if (uses.kind !== 'repository' || uses.path !== '') return []
      const first = FIRST_ON_NODE_24[uses.repository.toLowerCase()]
      const said = SHA.test(uses.ref) ? (commentAt(document, value.from)?.text ?? '') : uses.ref
      const major = versionOf(said)?.[0]
      if (first === undefined || major === undefined || major >= first) return []
      return [
        { at: value.from, message: `${uses.repository} v${major} runs on Node 20 or older: v${first} is the first on Node 24` },
      ]
    }),
}
