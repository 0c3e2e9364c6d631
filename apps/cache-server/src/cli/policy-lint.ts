import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, schemaText } from '@interlock/kit'
import { policyJsonSchema } from '../core/policy/json-schema.ts'
import { FLAWS, lintPolicy } from '../core/policy/lint.ts'
import { findingText, readPolicy } from '../io/policy-file.ts'
import { relativeTo } from './places.ts'

/** `interlock cache policy lint`: the unsafe shapes of a policy. Throws `CACHE_POLICY_INVALID` for a file that is none. */
export async function runPolicyLint({ root, arguments: [file = 'cache-policy.yaml'], options }: Invocation): Promise<Outcome> {
  if (options['schema'] === true) {
    const schema = policyJsonSchema()
    return { status: EXIT.done, prose: schemaText(schema).trimEnd(), data: schema }
  }
  const placed = readPolicy(resolve(root, file))
  const findings = lintPolicy(placed).map((finding) => ({ ...finding, place: relativeTo(root, finding.place) }))
  const shapes = Object.keys(FLAWS).length
  const summary =
    findings.length === 0
      ? `${file}: safe; none of ${shapes} unsafe shapes`
      : `${findings.length} unsafe ${findings.length === 1 ? 'shape' : 'shapes'}: a server does not start with this policy`
  return {
    status: findings.length === 0 ? EXIT.done : EXIT.checkFailed,
    prose: [...findings.map(findingText), ...(findings.length === 0 ? [] : ['']), summary].join('\n'),
    data: { file, shapes, findings },
  }
}
