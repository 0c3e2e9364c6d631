import type { Step } from '../document.ts'
import { injectionsIn } from '../injection.ts'
import type { Rule } from '../rule.ts'
import { isAction } from '../uses.ts'
import { type Value, valueAt } from '../value.ts'

/** Inputs of actions that run what they are given. */
const CODE_INPUTS: Readonly<Record<string, readonly string[]>> = {
  'actions/github-script': ['script'],
  'addnab/docker-run-action': ['run'],
  'appleboy/ssh-action': ['script'],
  'azure/cli': ['inlinescript'],
  'azure/powershell': ['inlinescript'],
  'mikefarah/yq': ['cmd'],
  'nick-fields/retry': ['command'],
}

export const scriptInjection: Rule = {
  id: 'script-injection',
  title: 'No code that is handed to an action has an expression in it',
  why: 'It is the same as an expression in a script: what `actions/github-script` gets is run as JavaScript, whatever a stranger made of it.',
  corresponds: { zizmor: 'template-injection', poutine: 'injection', actionlint: 'expression', octoscan: 'expression-injection' },
  severity: 'warning',
  remediation: {
    before: "- uses: actions/github-script@…\n  with:\n    script: core.info('${{ github.head_ref }}')",
    after:
      '- uses: actions/github-script@…\n  env:\n    BRANCH: ${{ github.head_ref }}\n  with:\n    script: core.info(process.env.BRANCH)',
  },
  check: (document) => document.steps.flatMap((step) => codeOf(step).flatMap((code) => injectionsIn(document, code, 'code'))),
}

function codeOf({ uses, value }: Step): readonly Value[] {
  const name = Object.keys(CODE_INPUTS).find((repository) => isAction(uses, repository))
  if (name === undefined) return []
  const inputs = CODE_INPUTS[name] ?? []
  return (valueAt(value, 'with')?.entries ?? []).flatMap((entry) =>
    inputs.includes(entry.key.toLowerCase()) ? [entry.value] : [],
  )
}
