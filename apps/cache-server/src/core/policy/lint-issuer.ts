import { claimNames } from './claims.ts'
import { STRANGERS } from './strangers.ts'
import type { Flaw } from './lint.ts'
import type { Issuer, Workspace } from './schema.ts'

/** An issuer, and where it stands in the policy. */
export interface IssuerPlace {
  readonly workspace: Workspace
  readonly issuer: Issuer
  readonly path: readonly (string | number)[]
}

/** The ids that say which repository a token is of. Names can be taken over by whoever registers them next. */
const IDS: Readonly<Record<Issuer['kind'], readonly string[]>> = {
  github: ['repository_id', 'repository_owner_id'],
  gitlab: ['project_id', 'namespace_id'],
  other: [],
}

/** Unsafe shapes of an issuer. */
export function issuerFindings(place: IssuerPlace): readonly Flaw[] {
  return [...tlsFlaws(place), ...audienceFlaws(place), ...algorithmFlaws(place), ...pinFlaws(place), ...claimFlaws(place)]
}

function tlsFlaws({ issuer, path }: IssuerPlace): readonly Flaw[] {
  const flaws = (['iss', 'jwks_uri'] as const).flatMap((key): Flaw[] => {
    const value = issuer[key]
    if (value === undefined || overTls(value)) return []
    const why = `${value} is not https: whoever is on the line can hand out keys of their own`
    return [{ id: 'issuer-without-tls', path: [...path, key], why, instead: 'an https URL' }]
  })
  const preset = issuer.kind === 'other' ? presetOf(issuer.iss) : undefined
  if (preset === undefined) return flaws
  const why = `${issuer.iss} is an issuer of ${preset}, whose events and ids are checked only with its preset`
  return [...flaws, { id: 'issuer-of-preset', path: [...path, 'kind'], why, instead: `kind: ${preset}` }]
}

/** Loop-back is no line: only processes of the same machine are there. */
function overTls(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname))
}

function presetOf(iss: string): 'github' | 'gitlab' | undefined {
  const { hostname } = new URL(iss)
  if (/(?:^|\.)(?:githubusercontent|github|ghe)\.com$/u.test(hostname)) return 'github'
  return /(?:^|\.)gitlab\.com$/u.test(hostname) ? 'gitlab' : undefined
}

function audienceFlaws({ issuer, path }: IssuerPlace): readonly Flaw[] {
  const standard = issuer.aud === issuer.iss || /^https:\/\/(?:www\.)?git(?:hub|lab)\.com(?:\/|$)/u.test(issuer.aud)
  if (!standard && issuer.aud.trim() === issuer.aud && issuer.aud !== '*') return []
  const why = `tokens for "${issuer.aud}" are made for other services, each of which could use them here`
  return [{ id: 'audience-of-others', path: [...path, 'aud'], why, instead: 'the URL of this cache, which jobs ask for by name' }]
}

function algorithmFlaws({ issuer, path }: IssuerPlace): readonly Flaw[] {
  return issuer.algorithms.flatMap((algorithm, index): Flaw[] => {
    if (/^(?:EdDSA|Ed25519|(?:ES|PS|RS)(?:256|384|512))$/u.test(algorithm)) return []
    const why = `with ${JSON.stringify(algorithm)}, whoever can verify a token can make one, or nobody has to sign it at all`
    return [{ id: 'algorithm-shared-secret', path: [...path, 'algorithms', index], why, instead: 'RS256, ES256 or EdDSA' }]
  })
}

function pinFlaws({ issuer, path }: IssuerPlace): readonly Flaw[] {
  const pinned = Object.keys(issuer.pin)
  const missing = IDS[issuer.kind].filter((id) => !pinned.includes(id))
  const lines = missing.map((id) => `${id}: "<number>"`).join(', ')
  const flaws: Flaw[] = []
  if (missing.length > 0) {
    const why = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not pinned: every repository of the issuer would match`
    flaws.push({ id: 'pin-missing', path: [...path, 'pin'], why, instead: `pin: { ${lines} }` })
  }
  if (issuer.kind === 'other' && pinned.length === 0) {
    const why = 'nothing is pinned: everybody who has an account at the issuer would match'
    flaws.push({ id: 'pin-missing', path: [...path, 'pin'], why, instead: 'a claim that holds an id which is never given twice' })
  }
  for (const [claim, value] of Object.entries(issuer.pin)) {
    const at = [...path, 'pin', claim]
    if (IDS[issuer.kind].includes(claim) && !/^[0-9]+$/u.test(value)) {
      const why = `"${value}" is no id: a name belongs to whoever registers it next`
      flaws.push({ id: 'pin-not-numeric', path: at, why, instead: `the number that the API of ${issuer.kind} gives as id` })
    }
    flaws.push(...textFlaws({ claim, value, path: at }))
  }
  return flaws
}

function claimFlaws({ issuer, path }: IssuerPlace): readonly Flaw[] {
  if (issuer.kind !== 'other') return []
  const flaws = Object.entries(issuer.claims).flatMap(([part, claim]): Flaw[] => {
    if (typeof claim !== 'string' || !['ref', 'event', 'protected', 'base_ref'].includes(part)) return []
    if (claim !== 'sub' && !STRANGERS.has(claim)) return []
    const why = `"${claim}" is text that its author chooses, and says nothing about where a job comes from`
    return [{ id: 'claim-of-strangers', path: [...path, 'claims', part], why, instead: 'a claim that the issuer checks' }]
  })
  return [...flaws, ...emptyProtectionFlaws({ issuer, path })]
}

/** A claim that an unprotected branch has too, with the same text, protects nothing. */
function emptyProtectionFlaws({ issuer, path }: Pick<IssuerPlace, 'issuer' | 'path'>): readonly Flaw[] {
  const { protected: claim, ...others } = claimNames(issuer)
  if (claim === undefined) return []
  const twin = Object.entries(others).find(([, name]) => name === claim)?.[0]
  const isSameForAll = Object.hasOwn(issuer.pin, claim) || ['aud', 'iss'].includes(claim)
  if (twin === undefined && !isSameForAll) return []
  const is = twin === undefined ? 'the same in every token that matches' : `what "${twin}" is read from`
  const why = `"${claim}" is ${is}, so that asking for it says nothing about protection`
  const instead = 'a claim that only jobs of protected branches have'
  return [{ id: 'protection-empty', path: [...path, 'claims', 'protected'], why, instead }]
}

/** What is wrong with comparing a claim to a text, wherever it is done. */
export function textFlaws({
  claim,
  value,
  path,
}: { readonly claim: string; readonly value: string } & Pick<Flaw, 'path'>): readonly Flaw[] {
  if (claim === 'sub') {
    const why = '"sub" can be customised by each repository, and its format has changed'
    return [{ id: 'match-subject', path, why, instead: 'the claims that it is made of, one by one' }]
  }
  if (STRANGERS.has(claim)) {
    const why = `"${claim}" is text that its author chooses: whoever wants to match writes what matches`
    return [{ id: 'claim-of-strangers', path, why, instead: 'event, ref and ids' }]
  }
  if (!/[*?]|\{|\^|\$$/u.test(value)) return []
  const why = `"${value}" is compared as it is, so no token has it`
  return [{ id: 'match-wildcard', path, why, instead: 'each text in full, as a list' }]
}
