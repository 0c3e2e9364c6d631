import { expressionsBelow } from '../document.ts'
import { referencesOf } from '../expression.ts'
import type { Rule } from '../rule.ts'

export const overprovisionedSecrets: Rule = {
  id: 'overprovisioned-secrets',
  title: 'A secret is read by its name',
  why: '`toJSON(secrets)`, and a name that is only known when the job runs, give the machine every secret of the repository.',
  corresponds: { zizmor: 'overprovisioned-secrets', poutine: 'job_all_secrets' },
  severity: 'error',
  remediation: { before: 'env: { ALL: "${{ toJSON(secrets) }}" }', after: 'env: { TOKEN: "${{ secrets.TOKEN }}" }' },
  check: (document) =>
    expressionsBelow(document, document.root).flatMap(({ source, at }) =>
      referencesOf(source).some((path) => path === 'secrets' || path.startsWith('secrets.*'))
        ? [{ at, message: 'Gives the machine every secret that there is' }]
        : [],
    ),
}
