import { expressionsIn, type LintDocument } from './document.ts'
import type { Problem } from './rule.ts'
import { attackerText } from './trust.ts'
import type { Value } from './value.ts'

/** Expressions in a text that is run, which is called `what`; worse where a stranger chooses the value. */
export function injectionsIn(document: LintDocument, value: Value, what: 'code' | 'script'): readonly Problem[] {
  return expressionsIn(document, value).map(({ at, source }): Problem => {
    const hostile = attackerText(source)
    if (hostile === undefined) return { at, message: `The ${what} has the expression ${source} in it: give it the value by env` }
    return {
      at,
      severity: 'error',
      message: `Whoever chooses ${hostile} writes a part of this ${what}: give it the value by env`,
    }
  })
}
