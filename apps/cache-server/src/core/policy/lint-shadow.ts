import type { IssuerPlace } from './lint-issuer.ts'
import { wantedOf } from './lint-rule.ts'
import type { Flaw } from './lint.ts'
import type { Rule } from './schema.ts'

/** Rules that never decide. */
export function shadowFindings({ issuer, path }: IssuerPlace): readonly Flaw[] {
  return issuer.rules.flatMap((rule, index): Flaw[] => {
    const before = issuer.rules.slice(0, index).find((earlier) => covers(earlier, rule))
    if (before === undefined) return []
    const why = `every job that it matches is decided by the rule "${before.id}" before it`
    return [{ id: 'rule-unreachable', path: [...path, 'rules', index], why, instead: 'the narrower rule first, or one of them' }]
  })
}

/** Whether whatever matches the later rule matches the earlier one. */
function covers(earlier: Rule, later: Rule): boolean {
  return Object.keys(earlier.match).every((claim) => {
    const accepted = wantedOf(earlier, claim) ?? []
    const wanted = wantedOf(later, claim)
    return wanted !== undefined && wanted.every((value) => accepted.includes(value))
  })
}
