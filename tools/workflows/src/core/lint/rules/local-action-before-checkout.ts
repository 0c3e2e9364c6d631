import type { Rule } from '../rule.ts'
import { isAction } from '../uses.ts'
import { textAt } from '../value.ts'

export const localActionBeforeCheckout: Rule = {
  id: 'local-action-before-checkout',
  title: 'A step uses a folder of the workspace only after something has put the repository there',
  why: 'Before the checkout the workspace is empty, or on a machine of your own what the last job left: the action is missing, or it is one of another commit.',
  corresponds: 'none',
  severity: 'error',
  remediation: {
    before: '- uses: ./.github/actions/setup\n- uses: actions/checkout@…',
    after: '- uses: actions/checkout@…\n- uses: ./.github/actions/setup',
  },
  check: ({ jobs }) =>
    jobs.flatMap(({ steps }) => {
      const checkout = steps.findIndex(
        ({ uses, value }) =>
          isAction(uses, 'actions/checkout') || /\bgit\s+(?:clone|checkout|fetch|init)\b/u.test(textAt(value, 'run')),
      )
      const early = checkout === -1 ? steps : steps.slice(0, checkout)
      return early.flatMap(({ uses, value }) =>
        uses?.kind === 'local' && uses.path.startsWith('./')
          ? [{ at: value.from, message: `${uses.path} is used before any step has checked the repository out` }]
          : [],
      )
    }),
}
