import { expressionsIn } from '../document.ts'
import type { Rule } from '../rule.ts'
import { scriptLines } from '../script.ts'
import { isPrivileged, readsPullRequestHead } from '../trust.ts'
import { isAction } from '../uses.ts'
import { valueAt } from '../value.ts'

export const untrustedCheckout: Rule = {
  id: 'untrusted-checkout',
  title: 'A workflow with the rights of the repository never checks the code of a pull request out',
  why: 'The code of a stranger then runs beside a token that can write: its build script, its package scripts, its tests.',
  corresponds: { poutine: 'untrusted_checkout_exec', scorecard: 'Dangerous-Workflow', octoscan: 'dangerous-checkout' },
  severity: 'error',
  remediation: {
    before: 'on: pull_request_target\n…\n- uses: actions/checkout@…\n  with:\n    ref: ${{ github.event.pull_request.head.sha }}',
    after: 'on: pull_request\n…\n- uses: actions/checkout@…',
  },
  check: (document) => {
    if (!isPrivileged(document)) return []
    return document.steps.flatMap((step) => {
      const inputs = isAction(step.uses, 'actions/checkout') ? ['ref', 'repository'] : []
      const given = inputs.flatMap((input) => valueAt(step.value, 'with', input) ?? [])
      const foreign = given.filter(
        (value) =>
          expressionsIn(document, value).some(({ source }) => readsPullRequestHead(source)) || readsPullRequestHead(value.text),
      )
      const fetched = scriptLines(document, step).filter(({ text }) =>
        /\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|checkout|pull)\b.*(?:refs\/)?pull\/.*\/(?:head|merge)/u.test(text),
      )
      return [...foreign.map(({ from }) => from), ...fetched.map(({ at }) => at)].map((at) => ({
        at,
        message: 'Checks the code of a pull request out where the token of the main branch is',
      }))
    })
  },
}
