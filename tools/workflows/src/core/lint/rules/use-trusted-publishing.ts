import type { Rule } from '../rule.ts'
import { scriptLines } from '../script.ts'
import { isAction } from '../uses.ts'
import { entryAt, valueAt } from '../value.ts'

/** Variables that hold a token of a package registry, and the command that reads them. */
const TOKENS: Readonly<Record<string, RegExp>> = {
  CARGO_REGISTRY_TOKEN: /\bcargo\s+publish\b/u,
  NODE_AUTH_TOKEN: /\b(?:npm|pnpm)\s+publish\b/u,
  TWINE_PASSWORD: /\btwine\s+upload\b/u,
  UV_PUBLISH_TOKEN: /\buv\s+publish\b/u,
}

export const useTrustedPublishing: Rule = {
  id: 'use-trusted-publishing',
  title: 'A package is published by the identity of the job, not by a token',
  why: 'A token that can publish is valid for months and for everybody who gets hold of it. The identity of a job is valid for minutes, and the registry checks which workflow it belongs to.',
  corresponds: { zizmor: 'use-trusted-publishing' },
  severity: 'warning',
  remediation: {
    before: '- uses: pypa/gh-action-pypi-publish@…\n  with: { password: "${{ secrets.PYPI }}" }',
    after: 'permissions:\n  id-token: write # to publish\nsteps:\n  - uses: pypa/gh-action-pypi-publish@…',
  },
  check: (document) =>
    document.steps.flatMap((step) => {
      const password = isAction(step.uses, 'pypa/gh-action-pypi-publish')
        ? entryAt(valueAt(step.value, 'with'), 'password')
        : undefined
      const environment = [step.value, step.job?.value, document.root].flatMap((place) => valueAt(place, 'env')?.entries ?? [])
      const lines = scriptLines(document, step)
      const stored = environment.filter(({ value }) => /\bsecrets\./u.test(value.text))
      const commands = stored.flatMap(({ key }) => lines.find(({ text }) => TOKENS[key]?.test(text) === true) ?? [])
      return [...(password === undefined ? [] : [password]), ...commands.slice(0, 1)].map(({ at }) => ({
        at,
        message: 'Publishes with a token that stays valid: let the registry trust this workflow instead',
      }))
    }),
}
