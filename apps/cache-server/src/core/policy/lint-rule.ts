import { branchRefs, claimNames } from './claims.ts'
import { hasOwnRef, mayBeTrusted, MERGE_QUEUE, trustedEvents } from './events.ts'
import { type IssuerPlace, textFlaws } from './lint-issuer.ts'
import type { Flaw, FlawId } from './lint.ts'
import { patternOf } from './pattern.ts'
import type { Rule } from './schema.ts'
import { eventsOf } from './vocabulary.ts'

/** A rule, and where it stands in the policy. */
export interface RulePlace extends IssuerPlace {
  readonly rule: Rule
}

/** Unsafe shapes of what a rule matches. */
export function ruleFindings(place: RulePlace): readonly Flaw[] {
  const { rule, path } = place
  const written = rule.write === undefined ? undefined : patternOf(rule.write)
  return [
    ...matchFlaws(place),
    ...(written?.kind === 'trusted' ? trustedFlaws(place, written.name) : []),
    ...(written?.kind === 'own' && written.scopeClass === 'queue' ? queueFlaws(place) : []),
    ...(written?.kind === 'own' ? sharedRefFlaws(place) : []),
    ...mixedQueueFlaws(place),
    ...(rule.write === undefined && rule.read.length === 0
      ? [{ id: 'rule-idle' as const, path, why: 'it neither reads nor writes', instead: 'read: [trusted/main], or no rule' }]
      : []),
  ]
}

/** The texts that a rule accepts for a claim; `undefined` when it does not look at it. */
export function wantedOf(rule: Rule, claim: string | undefined): readonly string[] | undefined {
  if (claim === undefined || !Object.hasOwn(rule.match, claim)) return undefined
  const wanted = rule.match[claim]
  return typeof wanted === 'string' ? [wanted] : wanted
}

function matchFlaws({ rule, issuer, path }: RulePlace): readonly Flaw[] {
  const match = [...path, 'match']
  if (Object.keys(rule.match).length === 0) {
    const why = 'it names no claim, so every job of the repository matches'
    return [{ id: 'match-empty', path: match, why, instead: `match: { ${claimNames(issuer).event}: <event> }` }]
  }
  return Object.keys(rule.match).flatMap((claim) => {
    const values = wantedOf(rule, claim) ?? []
    const pinned = issuer.pin[claim]
    const flaws = values.flatMap((value) => textFlaws({ claim, value, path: [...match, claim] }))
    if (pinned === undefined || values.includes(pinned)) return flaws
    const why = `"${claim}" is pinned to "${pinned}", which the rule does not accept`
    return [...flaws, { id: 'match-impossible' as const, path: [...match, claim], why, instead: 'the pin alone' }]
  })
}

/** Whoever writes a trusted scope is believed by everybody: event, branch and protection have to be said, exactly. */
function trustedFlaws({ workspace, issuer, rule, path }: RulePlace, name: string): readonly Flaw[] {
  const names = claimNames(issuer)
  const branch = Object.hasOwn(workspace.trusted, name) ? workspace.trusted[name] : undefined
  const flaw = (id: FlawId, why: string, instead: string): Flaw => ({ id, path: [...path, 'write'], why, instead })
  const inMatch = (found: Flaw, claim: string): Flaw => ({ ...found, path: [...path, 'match', claim] })
  const flaws: Flaw[] = []
  if (branch === undefined)
    flaws.push(flaw('trusted-undeclared', `the workspace has no trusted scope "${name}"`, `trusted: { ${name}: <its branch> }`))

  const events = wantedOf(rule, names.event)
  const allowed = trustedEvents(issuer.kind)
  if (events === undefined) {
    const why = `it does not look at "${names.event}": jobs that run a stranger's code can have the ref of a trusted branch`
    flaws.push(flaw('trusted-without-event', why, `${names.event}: one of ${allowed}`))
  }
  const foreign = (events ?? []).filter((event) => !mayBeTrusted(issuer.kind, event))
  if (foreign.length > 0) {
    const why = `jobs of ${foreign.join(', ')} run code or text of somebody else, often with the ref of the default branch`
    flaws.push(inMatch(flaw('trusted-unsafe-event', why, `${allowed}; let the others write a scope of their own`), names.event))
  }

  const refs = wantedOf(rule, names.ref)
  const own = branch === undefined ? [] : branchRefs(issuer, branch)
  const ref = own[0] ?? '<its ref>'
  if (refs === undefined) {
    flaws.push(
      flaw('trusted-without-ref', `it does not look at "${names.ref}", so every branch writes it`, `${names.ref}: ${ref}`),
    )
  } else if (branch !== undefined && (refs.length !== 1 || !own.includes(refs[0] ?? ''))) {
    const why = `trusted/${name} belongs to the branch ${branch}, and this is ${refs.join(', ')}`
    flaws.push(inMatch(flaw('trusted-branch-mismatch', why, `${names.ref}: ${ref}`), names.ref))
  }
  if (issuer.kind === 'gitlab' && wantedOf(rule, 'ref_type')?.join() !== 'branch')
    flaws.push(flaw('trusted-without-ref', 'a tag can have the name of the branch', 'ref_type: branch'))
  return [...flaws, ...protectionFlaws({ issuer, rule }, flaw)]
}

function protectionFlaws(
  { issuer, rule }: Pick<RulePlace, 'issuer' | 'rule'>,
  flaw: (id: FlawId, why: string, instead: string) => Flaw,
): readonly Flaw[] {
  const { protected: claim } = claimNames(issuer)
  if (claim === undefined) {
    const instead = 'claims: { protected: <the claim that only jobs of protected branches have> }'
    return [flaw('trusted-without-protection', 'the issuer has no claim that speaks of protection', instead)]
  }
  const values = wantedOf(rule, claim)
  const safe = values !== undefined && (issuer.kind === 'other' || values.join() === 'true')
  const why = `it does not ask for "${claim}": everybody who can push could move an unprotected branch`
  return safe ? [] : [flaw('trusted-without-protection', why, `${claim}: "true"`)]
}

function queueFlaws({ issuer, rule, path }: RulePlace): readonly Flaw[] {
  const { event } = claimNames(issuer)
  const events = wantedOf(rule, event)
  if (events !== undefined && (issuer.kind !== 'github' || events.join() === MERGE_QUEUE)) return []
  const why = 'only jobs of a merge queue belong into a queue scope'
  return [{ id: 'queue-without-event', path: [...path, 'write'], why, instead: `match: { ${event}: merge_group }` }]
}

/** What is right for a merge queue is right for no other job: it guards the branch. */
function mixedQueueFlaws({ issuer, rule, path }: RulePlace): readonly Flaw[] {
  const { event } = claimNames(issuer)
  const others = (wantedOf(rule, event) ?? []).filter((one) => one !== MERGE_QUEUE)
  if (!isAboutQueue({ issuer, rule }) || others.length === 0) return []
  const why = `the merge queue guards the branch, and jobs of ${others.join(', ')} do not`
  return [{ id: 'queue-with-others', path: [...path, 'match', event], why, instead: 'a rule for merge_group alone' }]
}

/** Whether jobs of a merge queue of GitHub match by name. */
export function isAboutQueue({ issuer, rule }: Pick<RulePlace, 'issuer' | 'rule'>): boolean {
  return issuer.kind === 'github' && wantedOf(rule, claimNames(issuer).event)?.includes(MERGE_QUEUE) === true
}

/** A scope that is named by a reference belongs to nobody where the jobs of many have the same. */
function sharedRefFlaws({ issuer, rule, path }: RulePlace): readonly Flaw[] {
  const { event } = claimNames(issuer)
  const instead = 'no write, or events with a ref of their own'
  if (issuer.kind === 'github' && wantedOf(rule, event) === undefined) {
    const why = `it does not look at "${event}": jobs that strangers start have the ref of the default branch`
    return [{ id: 'scope-shared', path: [...path, 'write'], why, instead }]
  }
  const known = eventsOf(issuer.kind)
  const shared = (wantedOf(rule, event) ?? []).filter((one) => known?.includes(one) === true && !hasOwnRef(issuer.kind, one))
  if (shared.length === 0) return []
  const why = `jobs of ${shared.join(', ')} all have the ref of the default branch, so each pull request could feed the others`
  return [{ id: 'scope-shared', path: [...path, 'match', event], why, instead }]
}
