import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { InterlockError } from '@interlock/kit'
import { lintPolicy, type PolicyFinding } from '../core/policy/lint.ts'
import { parsePolicy, type PlacedPolicy } from '../core/policy/parse.ts'
import type { Policy } from '../core/policy/schema.ts'

export interface PolicyFile {
  readonly policy: Policy
  /** Hex SHA-256 of its text: what the audit says of a change. */
  readonly digest: string
}

/** The policy of a file. Throws `CACHE_POLICY_INVALID` where it cannot be read, `CACHE_POLICY_UNSAFE` with every finding. */
export function openPolicy(path: string): PolicyFile {
  const text = policyText(path)
  const placed = parsePolicy(text, path)
  const [first, ...more] = lintPolicy(placed)
  if (first !== undefined) throw unsafe(first, more)
  return { policy: placed.policy, digest: createHash('sha256').update(text).digest('hex') }
}

/** The policy of a file, however unsafe it is. */
export function readPolicy(path: string): PlacedPolicy {
  return parsePolicy(policyText(path), path)
}

/** A finding in one line. */
export function findingText({ place, id, why, instead }: PolicyFinding): string {
  return `${place}: ${why}; write instead: ${instead} [${id}]`
}

function policyText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new InterlockError('CACHE_POLICY_INVALID', `the policy cannot be read (${code ?? 'unknown reason'})`, {
      file: path,
      hint: 'name the policy file of the cache server',
      cause,
    })
  }
}

function unsafe(first: PolicyFinding, more: readonly PolicyFinding[]): InterlockError {
  const message =
    more.length === 0
      ? `the policy is unsafe: ${first.why} [${first.id}]`
      : ['the policy is unsafe:', ...[first, ...more].map((finding) => `  ${findingText(finding)}`)].join('\n')
  const hint = more.length === 0 ? `write instead: ${first.instead}` : 'each line says what to write instead'
  return new InterlockError('CACHE_POLICY_UNSAFE', message, { file: first.place, hint })
}
