import { injectionsIn } from '../injection.ts'
import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

export const templateInjection: Rule = {
  id: 'template-injection',
  title: 'No script has an expression in it',
  why: 'GitHub puts the value into the script before a shell reads it, so a value such as `"; curl … | sh; "` is a command. The title of a pull request or the name of a branch is chosen by a stranger; so was the one that took the tokens of Nx in August 2025. A variable of the environment is only ever a value.',
  corresponds: {
    zizmor: 'template-injection',
    poutine: 'injection',
    actionlint: 'expression',
    octoscan: 'expression-injection',
    scorecard: 'Dangerous-Workflow',
  },
  severity: 'warning',
  remediation: {
    before: '- run: echo "${{ github.event.pull_request.title }}"',
    after: '- run: echo "$TITLE"\n  env:\n    TITLE: ${{ github.event.pull_request.title }}',
  },
  check: (document) =>
    document.steps.flatMap((step) => {
      const run = valueAt(step.value, 'run')
      return run === undefined ? [] : injectionsIn(document, run, 'script')
    }),
}
