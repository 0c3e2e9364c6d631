import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { decodeJwt } from 'jose'
import type { Claims } from '../core/policy/claims.ts'
import { candidatesOf, evaluate } from '../core/policy/evaluate.ts'
import { denialOf, explanationOf, grantLines, strangerLines } from '../core/policy/explain.ts'
import { lintPolicy } from '../core/policy/lint.ts'
import type { Policy } from '../core/policy/schema.ts'
import { knownTokens } from '../core/policy/static-grants.ts'
import { SESSION_ISSUER, sessionGrant } from '../core/session.ts'
import { findToken, tokenKind } from '../core/tokens.ts'
import { readIdentity } from '../io/identity.ts'
import { issuerKeys } from '../io/jwks.ts'
import { readPolicy } from '../io/policy-file.ts'

const LONGEST = 64 * 1024

/** `interlock cache explain`: what a policy says to a token, rule by rule. */
export async function runExplain({ root, arguments: [source = ''], options }: Invocation): Promise<Outcome> {
  const { policy: file = 'cache-policy.yaml', verify } = options as { readonly policy?: string; readonly verify?: boolean }
  const placed = readPolicy(resolve(root, file))
  const { text, warning } = sourceOf(root, source)
  const told = cacheTokenLines(text, placed.policy) ?? (await identityLines({ text, source }, placed.policy, verify === true))
  const unsafe = lintPolicy(placed).length
  const notes = [
    ...(unsafe === 0 ? [] : ['the policy is unsafe, and no server starts with it: interlock cache policy lint']),
    ...(warning === undefined ? [] : [warning]),
  ]
  return {
    status: told.granted && unsafe === 0 ? EXIT.done : EXIT.checkFailed,
    prose: [...told.lines, ...notes].join('\n'),
    data: { ...told.data, unsafe, warning: warning ?? null },
  }
}

interface Told {
  readonly granted: boolean
  readonly lines: readonly string[]
  readonly data: object
}

async function identityLines(
  { text, source }: { readonly text: string; readonly source: string },
  policy: Policy,
  verify: boolean,
): Promise<Told> {
  const claims = claimsOf(text, source)
  const verdict = verify ? await verdictOf(text, policy) : undefined
  const evaluations = candidatesOf(policy, claims).map((candidate) => evaluate(candidate, claims))
  const grant = evaluations.find((evaluation) => evaluation.grant !== undefined)?.grant
  const denial = evaluations.length === 0 ? 'no workspace knows the issuer and the audience of the token' : denialOf(evaluations)
  return {
    granted: grant !== undefined && verdict?.authentic !== false,
    lines: [
      ...(evaluations.length === 0 ? strangerLines(policy, claims) : evaluations.flatMap(explanationOf)),
      verdict === undefined ? 'signature and times were not looked at: --verify does' : verdict.words,
    ],
    data: { grant: grant ?? null, reason: grant === undefined ? denial : null, verified: verdict ?? null, evaluations },
  }
}

/** What a token of the cache itself grants; `undefined` for any other. */
function cacheTokenLines(text: string, policy: Policy): Told | undefined {
  const kind = tokenKind(text)
  if (kind !== undefined) {
    const found = findToken(text, knownTokens(policy)[kind])
    const data = { grant: found?.grant ?? null, reason: found === undefined ? 'no workspace knows the token' : null }
    return found === undefined
      ? { granted: false, lines: ['a static token that no workspace knows'], data }
      : { granted: true, lines: [`a static token of workspace ${found.grant.workspace}:`, ...grantLines(found.grant)], data }
  }
  const claims = text.startsWith('{') ? undefined : decoded(text)
  const session = claims?.['iss'] === SESSION_ISSUER ? sessionGrant(claims) : undefined
  if (session === undefined) return undefined
  const head = `a session token of workspace ${session.grant.workspace}, whose signature only its server can look at:`
  return { granted: true, lines: [head, ...grantLines(session.grant)], data: { grant: session.grant, reason: null } }
}

/** A file, the input, or what was typed. Every process of the machine can read what was typed, so that is said. */
function sourceOf(root: string, source: string): { readonly text: string; readonly warning?: string } {
  if (/^eyJ[\w-]+\./u.test(source) || tokenKind(source) !== undefined) {
    const warning =
      'warning: every process of the machine can read a token that is typed; send it through a pipe: interlock cache explain -'
    return { text: source, warning }
  }
  try {
    const text = readFileSync(source === '-' ? 0 : resolve(root, source), 'utf8').trim()
    if (text !== '' && text.length <= LONGEST) return { text }
    const reason = text === '' ? 'there is nothing in it' : `it is longer than ${LONGEST} characters`
    throw new InterlockError('USAGE', reason, { file: source })
  } catch (cause) {
    if (cause instanceof InterlockError) throw cause
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason'
    throw new InterlockError('USAGE', `the token or its claims cannot be read (${reason})`, { file: source, cause })
  }
}

/** Claims as JSON, or those that a token holds; a token is not verified for that. */
function claimsOf(text: string, source: string): Claims {
  const claims = decoded(text)
  if (claims !== undefined) return claims
  // There is no cause: it may quote the token.
  const file = source.startsWith('eyJ') ? undefined : source
  throw new InterlockError('USAGE', 'it holds neither a token nor claims as a JSON object', { file })
}

function decoded(text: string): Claims | undefined {
  try {
    const claims: unknown = text.startsWith('{') ? JSON.parse(text) : decodeJwt(text)
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Claims) : undefined
  } catch {
    return undefined
  }
}

interface Verdict {
  readonly authentic: boolean
  readonly words: string
}

async function verdictOf(text: string, policy: Policy): Promise<Verdict> {
  if (text.startsWith('{')) return { authentic: false, words: 'claims have no signature to look at' }
  const identity = await readIdentity(text, policy, { now: Date.now(), keysOf: ({ issuer }) => issuerKeys(issuer, Date.now) })
  return identity.kind === 'authentic'
    ? { authentic: true, words: 'signature and times hold' }
    : { authentic: false, words: `the token is refused: ${identity.reason}` }
}
