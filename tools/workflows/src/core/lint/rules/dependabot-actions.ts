import { MARKER } from '../../model/tree.ts'
import { updatesOf } from '../dependabot.ts'
import type { Rule } from '../rule.ts'
import { textAt } from '../value.ts'

export const dependabotActions: Rule = {
  id: 'dependabot-actions',
  title: 'Dependabot looks at the actions too',
  why: 'An action that is pinned to a commit stays there, with its holes, until somebody moves it.',
  corresponds: { scorecard: 'Dependency-Update-Tool' },
  severity: 'note',
  remediation: {
    before: 'updates:\n  - package-ecosystem: npm',
    after: 'updates:\n  - package-ecosystem: npm\n  - package-ecosystem: github-actions',
  },
  check: (document) => {
    // The commits in generated workflows are those of the catalogue, which Dependabot cannot move.
    if (document.kind !== 'dependabot' || document.text.startsWith(MARKER)) return []
    const watched = updatesOf(document).some((update) => textAt(update, 'package-ecosystem') === 'github-actions')
    return watched
      ? []
      : [{ at: document.root.from, message: 'No entry for github-actions: nobody proposes newer commits of the actions' }]
  },
}
