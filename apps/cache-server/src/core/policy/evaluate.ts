import type { Grant } from '../access.ts'
import { scopeOf, trustedScope } from '../scope.ts'
import { claimNames, type Claims, refOf, textOf, writerOf } from './claims.ts'
import { mayBeTrusted } from './events.ts'
import { patternOf } from './pattern.ts'
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

/**
 * What claims are granted. Pins come first, then the first rule of which every claim is exactly as it says. Whatever the
 * policy says: trusted and queue jobs read trusted scopes only, nobody reads a scope of somebody else, trusted scopes come
 * first, and no event that runs code or text of somebody else writes a trusted one.
 */
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
    const scopes = scopesOf(rule, { name, workspace, issuer }, claims)
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

type Scopes = Pick<Grant, 'read' | 'write'> | { readonly refusal: string }

function scopesOf(rule: Rule, { workspace, issuer }: Candidate, claims: Claims): Scopes {
  const names = claimNames(issuer)
  const event = textOf(claims, names.event) ?? ''
  const ref = refOf(issuer, claims)
  const written = rule.write === undefined ? undefined : patternOf(rule.write)
  if (rule.write !== undefined && written === undefined) return { refusal: `"${rule.write}" is no scope` }
  if (written?.kind === 'base') return { refusal: 'a trusted scope is written by its name only' }
  if (written?.kind === 'own' && ref === undefined) return { refusal: `the token has no usable "${names.ref}"` }
  if (written?.kind === 'trusted' && !(Object.hasOwn(workspace.trusted, written.name) && mayBeTrusted(issuer.kind, event)))
    return { refusal: `a job of "${event}" never writes ${rule.write}` }

  const write =
    written?.kind === 'trusted'
      ? trustedScope(written.name)
      : written?.kind === 'own'
        ? scopeOf(written.scopeClass, issuer.name, ref ?? '')
        : undefined
  const onlyTrusted = written?.kind === 'trusted' || (written?.kind === 'own' && written.scopeClass === 'queue')
  const patterns = rule.read.flatMap((text) => patternOf(text) ?? [])
  const base = textOf(claims, names.base_ref)
  const trusted = patterns.flatMap((pattern) => {
    if (pattern.kind === 'own') return []
    const [name] = pattern.kind === 'trusted' ? [pattern.name] : scopesOfBranch(workspace, base)
    return name !== undefined && Object.hasOwn(workspace.trusted, name) ? [trustedScope(name)] : []
  })
  const readsOwn = patterns.some(
    (pattern) => pattern.kind === 'own' && written?.kind === 'own' && pattern.scopeClass === written.scopeClass,
  )
  const own = write !== undefined && !onlyTrusted && readsOwn ? [write] : []
  const read = [...new Set([...trusted, ...own])]
  if (read.length === 0 && write === undefined) return { refusal: 'nothing is left of what it reads' }
  return { read, ...(write === undefined ? {} : { write }) }
}

/** The trusted scope of a branch; none for a branch that the policy does not name. */
function scopesOfBranch(workspace: Workspace, branch: string | undefined): readonly string[] {
  return Object.entries(workspace.trusted).flatMap(([name, of]) => (of === branch ? [name] : []))
}
