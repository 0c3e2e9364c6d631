import type { Audit, AuditEvent, Authority, Exchange } from '../core/access.ts'
import { type Claims, textOf, writerOf } from '../core/policy/claims.ts'
import { type Candidate, evaluate, type Evaluation } from '../core/policy/evaluate.ts'
import { denialOf } from '../core/policy/explain.ts'
import type { Policy } from '../core/policy/schema.ts'
import { usedTokens } from '../core/used-tokens.ts'
import { readIdentity } from './identity.ts'
import { issuerKeys, type IssuerKeys } from './jwks.ts'
import type { Keyring } from './keyring.ts'
import { issueSession } from './session.ts'

export interface ExchangeOptions {
  readonly policy: Policy
  readonly keys: Keyring
  readonly audit: Pick<Audit, 'append'>
  readonly clock: () => number
  /** The mark of every workspace's policy. */
  readonly marks: ReadonlyMap<string, string>
}

export interface TokenExchange {
  readonly exchange: Authority['exchange']
  readonly keyAges: () => Readonly<Record<string, number | undefined>>
}

/** Tokens that are remembered as used: five minutes of five hundred exchanges a second, in some thirty megabytes at most. */
const MOST_USED = 150_000
/** A token that can be used once has to be remembered for as long as it lives. */
const LONGEST_LIFE = 24 * 3_600_000
const SKEW = 60_000

/**
 * Turns identity tokens of issuers into session tokens. What authentic tokens come to is written down before it is
 * answered; what cannot be verified is written down at most once a minute, because everybody can send it.
 */
export function createExchange({ policy, keys, audit, clock, marks }: ExchangeOptions): TokenExchange {
  const started = clock()
  const used = usedTokens(MOST_USED)
  const issuers = keysOfIssuers(policy, clock)
  const noteStranger = strangers(audit, clock)

  const exchange = async (subjectToken: string): Promise<Exchange> => {
    const now = clock()
    const identity = await readIdentity(subjectToken, policy, { now, keysOf: issuers.of })
    if (identity.kind === 'invalid') {
      await noteStranger(identity.reason)
      return identity
    }
    const { claims, candidates } = identity
    const evaluations = candidates.map((candidate) => ({ candidate, evaluation: evaluate(candidate, claims) }))
    const granted = evaluations.find(({ evaluation }) => evaluation.grant !== undefined)
    if (granted?.evaluation.grant === undefined) {
      const reason = denialOf(evaluations.map(({ evaluation }) => evaluation))
      await audit.append(denied(candidates[0], claims, { reason, evaluations: evaluations.map(({ evaluation }) => evaluation) }))
      return { kind: 'denied', reason }
    }
    const { grant } = granted.evaluation
    const refusal = granted.candidate.issuer.replay === 'single-use' ? replayOf(claims, { now, started, used }) : undefined
    if (refusal !== undefined) {
      await audit.append(denied(granted.candidate, claims, { reason: refusal, evaluations: [granted.evaluation] }))
      return { kind: 'invalid', reason: refusal }
    }
    const { minutes } = policy.session
    const token = await issueSession(keys, { grant, policy: marks.get(grant.workspace) ?? '' }, { now, minutes })
    const { issuer, ...ids } = grant.writer
    const detail = { issuer, rule: grant.rule, read: grant.read, write: grant.write ?? '', minutes, ...ids }
    await audit.append({ kind: 'exchange', workspace: grant.workspace, detail })
    return { kind: 'granted', token, expiresIn: minutes * 60, grant }
  }
  return { exchange, keyAges: issuers.ages }
}

/** Why a token that may be used once is refused. */
function replayOf(
  claims: Claims,
  { now, started, used }: { readonly now: number; readonly started: number; readonly used: ReturnType<typeof usedTokens> },
): string | undefined {
  const id = textOf(claims, 'jti')
  const expires = Number(claims['exp']) * 1000 + SKEW
  if (id === undefined || id === '' || id.length > 512) return 'it has no usable "jti", and may be used once only'
  if (expires - now > LONGEST_LIFE) return 'it lives longer than a day, and may be used once only'
  // What was used before the server started is forgotten, so what was made before that is not taken.
  if (Number(claims['iat']) < Math.floor(started / 1000)) return 'it was made before this server started: ask for a new one'
  const found = used.use(`${String(claims['iss'])}\n${id}`, expires, now)
  if (found === 'used') return 'it was used before'
  return found === 'full' ? 'too many tokens are in use' : undefined
}

function denied(
  { name, issuer }: Candidate,
  claims: Claims,
  { reason, evaluations }: { readonly reason: string; readonly evaluations: readonly Evaluation[] },
): AuditEvent {
  const { issuer: iss, ...ids } = writerOf(issuer, claims)
  const workspaces = evaluations.map(({ workspace }) => workspace)
  return { kind: 'deny', workspace: name, detail: { what: 'exchange', issuer: iss, reason, workspaces, ...ids } }
}

function keysOfIssuers(
  policy: Policy,
  clock: () => number,
): { readonly of: (candidate: Candidate) => IssuerKeys; readonly ages: TokenExchange['keyAges'] } {
  const known = new Map<string, { readonly iss: string; readonly keys: IssuerKeys }>()
  const nameOf = ({ iss, jwks_uri: place }: Candidate['issuer']): string => `${iss}\n${place ?? ''}`
  for (const { issuers } of Object.values(policy.workspaces)) {
    for (const issuer of issuers)
      if (!known.has(nameOf(issuer))) known.set(nameOf(issuer), { iss: issuer.iss, keys: issuerKeys(issuer, clock) })
  }
  return {
    of: ({ issuer }) => known.get(nameOf(issuer))?.keys ?? issuerKeys(issuer, clock),
    ages: () => Object.fromEntries([...known.values()].map(({ iss, keys }) => [iss, keys.age()])),
  }
}

/** Writes that strangers came, and how many since it was last written. */
function strangers(audit: Pick<Audit, 'append'>, clock: () => number): (reason: string) => Promise<void> {
  let last = Number.NEGATIVE_INFINITY
  let count = 0
  return async (reason) => {
    count += 1
    if (Math.abs(clock() - last) < 60_000) return
    const detail = { what: 'exchange', reason, count }
    last = clock()
    count = 0
    await audit.append({ kind: 'deny', detail })
  }
}
