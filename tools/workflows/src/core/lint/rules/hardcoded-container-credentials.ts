import { expressionsIn } from '../document.ts'
import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const hardcodedContainerCredentials: Rule = {
  id: 'hardcoded-container-credentials',
  title: 'The password of a container registry is a secret',
  why: 'What stands in the file is known to everybody who can read it, and to everybody who could at any time.',
  corresponds: { zizmor: 'hardcoded-container-credentials', actionlint: 'credentials' },
  severity: 'error',
  remediation: {
    before: 'credentials: { username: bot, password: hunter2 }',
    after: 'credentials: { username: bot, password: "${{ secrets.REGISTRY }}" }',
  },
  check: (document) =>
    document.jobs.flatMap(({ value }) => {
      const containers = [
        valueAt(value, 'container'),
        ...(valueAt(value, 'services')?.entries ?? []).map((service) => service.value),
      ]
      return containers.flatMap((container) => {
        const password = valueAt(container, 'credentials', 'password')
        if (password === undefined || password.text === '' || expressionsIn(document, password).length > 0) return []
        return [{ at: password.from, message: 'The password stands in the file' }]
      })
    }),
}
