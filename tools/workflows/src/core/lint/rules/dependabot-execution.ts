import { updatesOf } from '../dependabot.ts'
import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const dependabotExecution: Rule = {
  id: 'dependabot-execution',
  title: 'Dependabot runs no code of the packages that it looks at',
  why: 'With `insecure-external-code-execution: allow` the build scripts of a package run where the credentials of private registries are.',
  corresponds: { zizmor: 'dependabot-execution' },
  severity: 'error',
  remediation: { before: 'insecure-external-code-execution: allow', after: 'insecure-external-code-execution: deny' },
  check: (document) =>
    updatesOf(document).flatMap((update) => {
      const given = valueAt(update, 'insecure-external-code-execution')
      return given?.text === 'allow'
        ? [{ at: given.from, message: 'Runs code of packages beside the credentials of the registries' }]
        : []
    }),
}
