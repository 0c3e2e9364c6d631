import type { Problem, Rule } from '../rule.ts'
import { isAction } from '../uses.ts'
import { entryAt, valueAt } from '../value.ts'

export const githubApp: Rule = {
  id: 'github-app',
  title: 'The token of a GitHub App is for the repositories and the permissions that the job needs',
  why: 'Unless it is told otherwise, it has every permission of the App, and with `owner` alone every repository of it.',
  corresponds: { zizmor: 'github-app' },
  severity: 'warning',
  remediation: {
    before: '- uses: actions/create-github-app-token@…\n  with: { app-id: 1, private-key: "${{ secrets.KEY }}" }',
    after:
      '- uses: actions/create-github-app-token@…\n  with: { app-id: 1, private-key: "${{ secrets.KEY }}", permission-contents: read }',
  },
  check: ({ steps }) =>
    steps.flatMap(({ uses, value }): Problem[] => {
      if (!isAction(uses, 'actions/create-github-app-token')) return []
      const given = valueAt(value, 'with')
      const has = (key: string): boolean => entryAt(given, key) !== undefined
      const messages = [
        given?.entries.some(({ key }) => key.startsWith('permission-')) === true
          ? []
          : ['The token has every permission of the App'],
        has('owner') && !has('repositories') ? ['The token is for every repository of the owner'] : [],
        valueAt(given, 'skip-token-revoke')?.text === 'true' ? ['The token stays valid after the job'] : [],
      ]
      return messages.flat().map((message) => ({ at: value.from, message }))
    }),
}
