import { commentAt } from '../document.ts'
import { permissionsOf } from '../permissions.ts'
import type { Rule } from '../rule.ts'

export const undocumentedPermissions: Rule = {
  id: 'undocumented-permissions',
  title: 'Every permission beyond reading the repository has its reason beside it',
  why: 'Nobody takes a permission away of which nobody knows what it is for.',
  corresponds: { zizmor: 'undocumented-permissions' },
  severity: 'note',
  remediation: {
    before: 'permissions:\n  pull-requests: write',
    after: 'permissions:\n  pull-requests: write # to label the pull request',
  },
  check: (document) =>
    permissionsOf(document).flatMap(({ entry }) =>
      entry.value.entries.flatMap(({ key, at, value }) => {
        if (value.text === 'none' || (key === 'contents' && value.text === 'read')) return []
        const above = document.comments.get(document.placeOf(at).line - 1)
        if (commentAt(document, at) !== undefined || above?.alone === true) return []
        return [{ at, message: `${key}: ${value.text} has no comment that says what for` }]
      }),
    ),
}
