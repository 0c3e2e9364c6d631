import { expressionsBelow } from '../document.ts'
import { referencesOf } from '../expression.ts'
import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const secretsOutsideEnv: Rule = {
  id: 'secrets-outside-env',
  title: 'A job that reads a secret runs in an environment',
  why: 'A secret of the repository is there for every job of every workflow that anybody with write access can push. An environment gives it to the branches and after the approvals that it names.',
  corresponds: { zizmor: 'secrets-outside-env' },
  severity: 'warning',
  remediation: {
    before: 'deploy:\n  steps:\n    - run: ./deploy\n      env: { TOKEN: "${{ secrets.TOKEN }}" }',
    after: 'deploy:\n  environment: production\n  steps:\n    - run: ./deploy\n      env: { TOKEN: "${{ secrets.TOKEN }}" }',
  },
  check: (document) => {
    const inWorkflow = valueAt(document.root, 'env')
    const places = document.jobs.filter(
      ({ value }) => valueAt(value, 'environment') === undefined && valueAt(value, 'uses') === undefined,
    )
    return [...(inWorkflow === undefined ? [] : [inWorkflow]), ...places.map(({ value }) => value)].flatMap((value) =>
      expressionsBelow(document, value).flatMap(({ source, at }) => {
        const name = referencesOf(source).find((path) => /^secrets\.[^*]/u.test(path) && path !== 'secrets.github_token')
        return name === undefined ? [] : [{ at, message: `${name} is read where no environment guards it` }]
      }),
    )
  },
}
