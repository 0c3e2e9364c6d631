import type { Rule } from '../rule.ts'
import { entryAt } from '../value.ts'

export const secretsInherit: Rule = {
  id: 'secrets-inherit',
  title: 'A called workflow gets the secrets that it needs, by name',
  why: 'With `secrets: inherit` it gets all of them, also those that are added next year.',
  corresponds: { zizmor: 'secrets-inherit', poutine: 'job_all_secrets' },
  severity: 'error',
  remediation: { before: 'secrets: inherit', after: 'secrets:\n  TOKEN: ${{ secrets.TOKEN }}' },
  check: ({ jobs }) =>
    jobs.flatMap(({ value }) => {
      const secrets = entryAt(value, 'secrets')
      return secrets?.value.text === 'inherit'
        ? [{ at: secrets.at, message: 'The called workflow gets every secret that there is' }]
        : []
    }),
}
