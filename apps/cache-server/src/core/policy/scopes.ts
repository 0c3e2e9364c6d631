import type { Grant } from '../access.ts'
import { scopeOf, trustedScope } from '../scope.ts'
import { branchRefs, claimNames, type Claims, refOf, textOf } from './claims.ts'
import { hasOwnRef, mayBeTrusted, MERGE_QUEUE } from './events.ts'
import { patternOf, type ScopePattern } from './pattern.ts'
import type { Issuer, Rule, Workspace } from './schema.ts'

/** What a rule grants, or why it grants nothing. */
export type Scopes = Pick<Grant, 'read' | 'write'> | { readonly refusal: string }

interface Place {
  readonly workspace: Workspace
  readonly issuer: Issuer
}

/**
 * The scopes that a matching rule grants. This holds whatever the rule says: trusted jobs and those of a merge queue read
 * trusted scopes only, a rule about a merge queue is about nothing else, nobody reads a scope of somebody else, trusted scopes come first, and a trusted scope is written by jobs of its own
 * branch that run nobody else's code. A scope is named by a reference only where jobs of others have another one.
 */
export function scopesOf(rule: Rule, place: Place, claims: Claims): Scopes {
  const isQueue = place.issuer.kind === 'github' && textOf(claims, claimNames(place.issuer).event) === MERGE_QUEUE
  if (isQueue && !isForQueueOnly(rule, place)) return { refusal: 'a merge queue has rules of its own' }
  const written = writeOf(rule, place, claims)
  if ('refusal' in written) return written
  const { pattern, write } = written
  const patterns = rule.read.flatMap((text) => patternOf(text) ?? [])
  const trusted = patterns.flatMap((read) => trustedOf(read, place, claims))
  const mayReadOwn = !isQueue && pattern?.kind === 'own' && pattern.scopeClass !== 'queue'
  const own = patterns.some((read) => mayReadOwn && read.kind === 'own' && read.scopeClass === pattern.scopeClass)
  const read = [...new Set([...trusted, ...(own && write !== undefined ? [write] : [])])]
  if (read.length === 0 && write === undefined) return { refusal: 'nothing is left of what it reads' }
  return { read, ...(write === undefined ? {} : { write }) }
}

function isForQueueOnly({ match }: Rule, { issuer }: Place): boolean {
  const { event } = claimNames(issuer)
  return Object.hasOwn(match, event) && [match[event]].flat().every((one) => one === MERGE_QUEUE)
}

type Written = { readonly pattern?: ScopePattern; readonly write?: string } | { readonly refusal: string }

function writeOf(rule: Rule, { workspace, issuer }: Place, claims: Claims): Written {
  if (rule.write === undefined) return {}
  const names = claimNames(issuer)
  const pattern = patternOf(rule.write)
  if (pattern === undefined) return { refusal: `"${rule.write}" is no scope` }
  if (pattern.kind === 'base') return { refusal: 'a trusted scope is written by its name only' }
  const event = textOf(claims, names.event) ?? ''
  if (pattern.kind === 'own') {
    if (!hasOwnRef(issuer.kind, event)) return { refusal: `jobs of "${event}" all have the ref of the default branch` }
    const ref = refOf(issuer, claims)
    if (ref === undefined) return { refusal: `the token has no usable "${names.ref}"` }
    return { pattern, write: scopeOf(pattern.scopeClass, issuer.name, ref) }
  }
  const branch = Object.hasOwn(workspace.trusted, pattern.name) ? workspace.trusted[pattern.name] : undefined
  const own = branch !== undefined && branchRefs(issuer, branch).includes(textOf(claims, names.ref) ?? '')
  if (!own) return { refusal: `only jobs of its branch write ${rule.write}` }
  if (!mayBeTrusted(issuer.kind, event)) return { refusal: `a job of "${event}" never writes ${rule.write}` }
  return { pattern, write: trustedScope(pattern.name) }
}

/** The trusted scope that is meant; none for a branch that the policy does not name. */
function trustedOf(pattern: ScopePattern, { workspace, issuer }: Place, claims: Claims): readonly string[] {
  if (pattern.kind === 'own') return []
  if (pattern.kind === 'trusted') return Object.hasOwn(workspace.trusted, pattern.name) ? [trustedScope(pattern.name)] : []
  const base = textOf(claims, claimNames(issuer).base_ref)
  return Object.entries(workspace.trusted).flatMap(([name, branch]) => (branch === base ? [trustedScope(name)] : []))
}
