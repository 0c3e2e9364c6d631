import { updatesOf } from '../dependabot.ts'
import type { Rule } from '../rule.ts'
import { valueAt } from '../value.ts'

const DAYS = 7

export const dependabotCooldown: Rule = {
  id: 'dependabot-cooldown',
  title: 'Dependabot waits a week before it proposes a version',
  why: 'Most releases with planted code are found and removed within days. Updates for security do not wait: the cool-down is not for them.',
  corresponds: { zizmor: 'dependabot-cooldown' },
  severity: 'warning',
  remediation: { before: '- package-ecosystem: npm', after: '- package-ecosystem: npm\n  cooldown:\n    default-days: 7' },
  check: (document) =>
    updatesOf(document).flatMap((update) => {
      const ecosystem = valueAt(update, 'package-ecosystem')?.text ?? 'it'
      const days = valueAt(update, 'cooldown', 'default-days')
      if (days === undefined)
        return [{ at: update.from, message: `Versions for ${ecosystem} are proposed without waiting ${DAYS} days` }]
      return Number(days.text) >= DAYS
        ? []
        : [{ at: days.from, message: `Versions for ${ecosystem} are proposed after ${days.text} days, not ${DAYS}` }]
    }),
}
