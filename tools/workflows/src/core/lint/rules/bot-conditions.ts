import { conditionOf } from '../document.ts'
import { parseExpression, withinExpression } from '../expression.ts'
import type { Rule } from '../rule.ts'

const ACTORS = ['github.actor', 'github.triggering_actor', 'github.event.sender.login']

export const botConditions: Rule = {
  id: 'bot-conditions',
  title: 'No condition trusts whoever acted last',
  why: 'github.actor is who started this run, not who wrote the commits: after a stranger has pushed to the branch of a bot, the bot is made to act once more, and its name is on the code of the stranger.',
  corresponds: { zizmor: 'bot-conditions', poutine: 'confused_deputy_auto_merge', octoscan: 'bot-check' },
  severity: 'error',
  remediation: {
    before: "if: github.actor == 'dependabot[bot]'",
    after: "if: github.event.pull_request.user.login == 'dependabot[bot]'",
  },
  check: (document) =>
    [...document.jobs, ...document.steps].flatMap(({ value }) =>
      conditionOf(document, value).flatMap(({ source, at }) => {
        const expression = parseExpression(source)
        const trusted = [...(expression === undefined ? [] : withinExpression(expression))].find((inner) => {
          if (inner.kind !== 'operator' || !['==', '!='].includes(inner.operator)) return false
          const names = inner.of.some((part) => part.kind === 'literal' && String(part.value).endsWith('[bot]'))
          return names && inner.of.some((part) => part.kind === 'reference' && ACTORS.includes(part.path))
        })
        return trusted === undefined
          ? []
          : [{ at, message: 'Trusts the name of a bot as the one who acted last, which a stranger can arrange' }]
      }),
    ),
}
