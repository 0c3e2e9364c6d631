import type { Grant } from '../access.ts'
import { type Claims, textOf, writerOf } from './claims.ts'
import { scopesOf } from './scopes.ts'
import type { Issuer, Policy, Rule, Workspace } from './schema.ts'

/** An issuer of a workspace that a token may be from. */
export interface Candidate {
  readonly name: string
  readonly workspace: Workspace
  readonly issuer: Issuer
}

/** A claim that is not what a rule or a pin wants. */
export interface Miss {
  readonly claim: string
  readonly wanted: readonly string[]
  /** As it was signed; `undefined` when the token does not have it. */
  readonly found: unknown
}

/** What became of one rule, in the order of the policy. */
export interface Trial {
  readonly rule: string
  readonly misses: readonly Miss[]
  /** Why the rule grants nothing though it matches. */
  readonly refusal?: string
}

/** What a workspace says to the claims of a token. */
export interface Evaluation {
  readonly workspace: string
  readonly issuer: string
  /** Pinned claims that differ: the token is of another repository, and no rule was looked at. */
  readonly pins: readonly Miss[]
  readonly trials: readonly Trial[]
  readonly grant?: Grant
}

/** The issuers that a token may be from: issuer and audience are theirs, exactly. */
export function candidatesOf(policy: Policy, claims: Claims): readonly Candidate[] {
  return Object.entries(policy.workspaces).flatMap(([name, workspace]) =>
    workspace.issuers
      .filter((issuer) => issuer.iss === claims['iss'] && issuer.aud === audienceOf(claims))
      .map((issuer) => ({ name, workspace, issuer })),
  )
}

/** The one audience of a token; a token for several services is for none, because each of them could use it here. */
export function audienceOf(claims: Claims): string | undefined {
  const { aud } = claims
  const only: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  return typeof only === 'string' ? only : undefined
}

/** What claims are granted. Pins come first, then the first rule of which every claim is exactly as it says. */
export function evaluate({ name, workspace, issuer }: Candidate, claims: Claims): Evaluation {
  const pins = missesOf(issuer.pin, claims)
  const about = { workspace: name, issuer: issuer.name, pins }
  if (pins.length > 0 || Object.keys(issuer.pin).length === 0) return { ...about, trials: [] }
  const trials: Trial[] = []
  for (const rule of issuer.rules) {
    const misses = missesOf(rule.match, claims)
    if (misses.length > 0 || Object.keys(rule.match).length === 0) {
      trials.push({ rule: rule.id, misses })
      continue
    }
    const scopes = scopesOf(rule, { workspace, issuer }, claims)
    if ('refusal' in scopes) return { ...about, trials: [...trials, { rule: rule.id, misses, refusal: scopes.refusal }] }
    const grant = { workspace: name, ...scopes, rule: rule.id, writer: writerOf(issuer, claims), admin: false }
    return { ...about, trials: [...trials, { rule: rule.id, misses }], grant }
  }
  return { ...about, trials }
}

function missesOf(wanted: Rule['match'], claims: Claims): readonly Miss[] {
  return Object.entries(wanted).flatMap(([claim, values]) => {
    const texts = typeof values === 'string' ? [values] : values
    const found = textOf(claims, claim)
    if (found !== undefined && texts.includes(found)) return []
    return [{ claim, wanted: texts, found: Object.hasOwn(claims, claim) ? claims[claim] : undefined }]
  })
}
