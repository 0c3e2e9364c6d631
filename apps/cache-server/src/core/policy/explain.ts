import type { Grant } from '../access.ts'
import type { Claims } from './claims.ts'
import { audienceOf, type Evaluation, type Miss, type Trial } from './evaluate.ts'
import type { Policy } from './schema.ts'

/**
 * Why nothing is granted, in one line, for whoever sent the token: the workspace whose pins fit tells. Tokens of other
 * repositories are not told what is pinned.
 */
export function denialOf(evaluations: readonly Evaluation[]): string {
  const own = evaluations.find(({ pins }) => pins.length === 0)
  if (own === undefined) {
    const [first] = evaluations.flatMap(({ pins }) => pins)
    return first === undefined ? 'no workspace pins its ids' : `the token is of another repository: ${first.claim} differs`
  }
  const refusal = own.trials.find((trial) => trial.refusal !== undefined)
  if (refusal !== undefined) return `the rule "${refusal.rule}" grants nothing: ${refusal.refusal ?? ''}`
  return `no rule of workspace "${own.workspace}" matches`
}

/** What a workspace says to a token, in words, rule by rule. */
export function explanationOf({ workspace, issuer, pins, trials, grant }: Evaluation): readonly string[] {
  const head = `workspace ${workspace}, issuer ${issuer}`
  if (pins.length > 0) return [`${head}: not this repository`, ...pins.map((miss) => `  ${missText(miss)}`)]
  return [`${head}:`, ...trials.flatMap(trialLines), ...(grant === undefined ? ['  no rule grants anything'] : grantLines(grant))]
}

/** What a grant lets its bearer do. */
export function grantLines({ read, write, rule }: Grant): readonly string[] {
  const reads = read.length === 0 ? 'nothing' : read.join(', then ')
  return [`  granted by rule ${rule}`, `    reads  ${reads}`, `    writes ${write ?? 'nothing'}`]
}

function trialLines({ rule, misses, refusal }: Trial): readonly string[] {
  if (refusal !== undefined) return [`  rule ${rule}: matches, and grants nothing: ${refusal}`]
  if (misses.length === 0) return [`  rule ${rule}: matches`]
  return [`  rule ${rule}: does not match`, ...misses.map((miss) => `    ${missText(miss)}`)]
}

/** `event_name is "pull_request"; it has to be "push" or "schedule"`. */
export function missText({ claim, wanted, found }: Miss): string {
  const has = found === undefined ? 'is missing' : `is ${shown(found)}`
  const texts = wanted.map((value) => JSON.stringify(value))
  const last = texts.at(-1) ?? ''
  const list = texts.length === 1 ? last : `${texts.slice(0, -1).join(', ')} or ${last}`
  return `${claim} ${has}; it has to be ${list}`
}

/** Claims are text of strangers: on one line, and not for ever. */
function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

/** Why a token is of nobody that the policy knows. */
export function strangerLines(policy: Policy, claims: Claims): readonly string[] {
  const issuers = Object.entries(policy.workspaces).flatMap(([workspace, of]) =>
    of.issuers.map((issuer) => {
      const misses = [
        ...(claims['iss'] === issuer.iss ? [] : [{ claim: 'iss', wanted: [issuer.iss], found: claims['iss'] }]),
        ...(audienceOf(claims) === issuer.aud ? [] : [{ claim: 'aud', wanted: [issuer.aud], found: claims['aud'] }]),
      ]
      return [`workspace ${workspace}, issuer ${issuer.name}: not its token`, ...misses.map((miss) => `  ${missText(miss)}`)]
    }),
  )
  return issuers.length === 0 ? ['the policy has no issuer'] : issuers.flat()
}
