import type { Rule } from '../rule.ts'
import { isAction } from '../uses.ts'
import { textAt } from '../value.ts'

/** Actions that fetch a program when they run, and the input that says which version. */
const FETCHERS: Readonly<Record<string, string>> = {
  '1password/load-secrets-action': 'version',
  'aquasecurity/setup-trivy': 'version',
  'aquasecurity/trivy-action': 'version',
  'golangci/golangci-lint-action': 'version',
}

export const unpinnedTools: Rule = {
  id: 'unpinned-tools',
  title: 'An action that fetches a program is told which version',
  why: 'The commit of the action is pinned, and what it fetches is not: a new release of the program runs without any change of this repository.',
  corresponds: { zizmor: 'unpinned-tools' },
  severity: 'warning',
  remediation: {
    before: '- uses: aquasecurity/setup-trivy@… # v0.2.6',
    after: "- uses: aquasecurity/setup-trivy@… # v0.2.6\n  with: { version: '0.69.3' }",
  },
  check: ({ uses }) =>
    uses.flatMap(({ value, uses: used, step }) => {
      const name = Object.keys(FETCHERS).find((repository) => isAction(used, repository))
      if (name === undefined) return []
      const input = FETCHERS[name] ?? ''
      const version = textAt(step?.value, 'with', input)
      const files = textAt(step?.value, 'with', `${input}-file`)
      if (files !== '' || (version !== '' && version !== 'latest')) return []
      return [{ at: value.from, message: `${name} fetches the newest version of its program: give it the input ${input}` }]
    }),
}
