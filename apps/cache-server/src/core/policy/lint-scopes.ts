import { claimNames } from './claims.ts'
import type { Flaw } from './lint.ts'
import { isAboutQueue, type RulePlace } from './lint-rule.ts'
import { patternOf, type ScopePattern } from './pattern.ts'

/** Unsafe shapes of what a rule reads and writes. */
export function scopeFindings(place: RulePlace): readonly Flaw[] {
  const { rule } = place
  const texts = [
    ...rule.read.map((text, index) => ({ text, key: ['read', index] })),
    ...(rule.write === undefined ? [] : [{ text: rule.write, key: ['write'] }]),
  ]
  const unknown = texts.flatMap(({ text, key }) =>
    patternOf(text) === undefined ? [unknownFlaw(text, [...place.path, ...key])] : [],
  )
  const read = rule.read.flatMap((text, index) => {
    const pattern = patternOf(text)
    return pattern === undefined ? [] : [{ pattern, text, path: [...place.path, 'read', index] }]
  })
  const written = rule.write === undefined ? undefined : patternOf(rule.write)
  return [
    ...unknown,
    ...(written?.kind === 'base' ? [byTemplate(place)] : []),
    ...read.flatMap((scope) => readFlaws(place, scope, written)),
    ...orderFlaws(read),
  ]
}

interface ReadScope {
  readonly pattern: ScopePattern
  readonly text: string
  readonly path: Flaw['path']
}

function unknownFlaw(text: string, path: Flaw['path']): Flaw {
  const template = /\{(?<name>[^}]*)\}/u.exec(text)?.groups?.['name']
  if (text.startsWith('trusted/') && template !== undefined) {
    const why = `a trusted scope is named by "${template}", which a job can choose`
    return { id: 'trusted-by-template', path, why, instead: 'trusted/<name>, or trusted/{base_ref} to read' }
  }
  if (template !== undefined && template !== 'ref' && template !== 'base_ref') {
    const why = `"{${template}}" is not checked by the issuer for what a scope needs: two jobs could have the same, or choose it`
    return { id: 'template-of-strangers', path, why, instead: '{ref}, as in pr/{ref}' }
  }
  if (/[*?]/u.test(text)) {
    const why = `"${text}" is a pattern, and scopes are named one by one`
    return { id: 'match-wildcard', path, why, instead: 'each scope by its name' }
  }
  if (/^(?:branch|pr|queue)\//u.test(text) && template === undefined) {
    const why = `every job of the rule would share "${text}", so that each could feed the others`
    return { id: 'scope-shared', path, why, instead: `${text.slice(0, text.indexOf('/'))}/{ref}` }
  }
  const instead = 'trusted/<name>, trusted/{base_ref}, queue/{ref}, pr/{ref} or branch/{ref}'
  return { id: 'scope-unknown', path, why: `"${text}" names no scope`, instead }
}

function byTemplate({ path }: RulePlace): Flaw {
  const why = 'which trusted scope is written would depend on the job'
  return { id: 'trusted-by-template', path: [...path, 'write'], why, instead: 'trusted/<name>' }
}

function readFlaws(
  { workspace, issuer, rule }: RulePlace,
  { pattern, text, path }: ReadScope,
  written: ScopePattern | undefined,
): readonly Flaw[] {
  if (pattern.kind === 'trusted') {
    if (Object.hasOwn(workspace.trusted, pattern.name)) return []
    const why = `the workspace has no trusted scope "${pattern.name}"`
    return [{ id: 'trusted-undeclared', path, why, instead: `trusted: { ${pattern.name}: <its branch> }` }]
  }
  if (pattern.kind === 'base') {
    if (claimNames(issuer).base_ref !== undefined) return []
    const why = `tokens of ${issuer.name} do not say what a change is for`
    return [{ id: 'scope-unknown', path, why, instead: 'trusted/<name>' }]
  }
  if (written?.kind === 'trusted' || (written?.kind === 'own' && written.scopeClass === 'queue')) {
    const why = `what it writes (${rule.write ?? ''}) is believed by others, so it must not build on ${text}`
    return [{ id: 'read-untrusted', path, why, instead: 'read: [trusted/<name>]' }]
  }
  if (isAboutQueue({ issuer, rule })) {
    const why = `the merge queue guards the branch, so it must not build on ${text}`
    return [{ id: 'read-untrusted', path, why, instead: 'read: [trusted/<name>]' }]
  }
  if (written?.kind === 'own' && written.scopeClass === pattern.scopeClass) return []
  const why = `it reads ${text} and writes ${rule.write ?? 'nothing'}: a job reads trusted scopes and its own`
  return [{ id: 'read-foreign-scope', path, why, instead: 'the trusted scopes, and the scope that is written' }]
}

function orderFlaws(read: readonly ReadScope[]): readonly Flaw[] {
  const firstOwn = read.findIndex(({ pattern }) => pattern.kind === 'own')
  const late = read.find(({ pattern }, index) => pattern.kind !== 'own' && firstOwn !== -1 && index > firstOwn)
  if (late === undefined) return []
  const why = `${late.text} comes after a scope of the job, which could then stand in for what is trusted`
  return [{ id: 'read-order', path: late.path, why, instead: 'trusted scopes first' }]
}
