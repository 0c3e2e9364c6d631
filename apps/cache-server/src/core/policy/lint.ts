import type { PlacedPolicy } from './parse.ts'
import { accessFindings } from './lint-access.ts'
import { issuerFindings } from './lint-issuer.ts'
import { ruleFindings } from './lint-rule.ts'
import { scopeFindings } from './lint-scopes.ts'
import { shadowFindings } from './lint-shadow.ts'
import { wordFindings } from './lint-words.ts'

/** One shape of a policy that would let somebody do what nobody meant. */
export interface Flaw {
  readonly id: FlawId
  /** Keys and indexes that lead to it. */
  readonly path: readonly (string | number)[]
  /** What is there, and what follows from it. */
  readonly why: string
  /** What to write instead. */
  readonly instead: string
}

/** A flaw with its place in the file. */
export interface PolicyFinding extends Pick<Flaw, 'id' | 'why' | 'instead'> {
  readonly place: string
}

/** What each finding is about. */
export const FLAWS = {
  'algorithm-shared-secret': 'a signature algorithm whose verifier could sign too',
  'ambiguous-workspace': 'two workspaces that the same token fits',
  'anonymous-private': 'what is private is readable without a token',
  'anonymous-reads-nothing': 'anonymous reading without a trusted scope',
  'audience-of-others': 'an audience that tokens for other services have too',
  'claim-of-strangers': 'a claim whose text a stranger writes',
  'claim-unknown': 'a claim that no token has',
  'event-unknown': 'an event that starts no job',
  'issuer-keys-differ': 'one issuer with two sets of keys',
  'issuer-of-preset': 'an issuer that has a preset, written without it',
  'issuer-without-tls': 'keys that come over an open line',
  'match-empty': 'a rule that matches every job',
  'match-impossible': 'a value that the pin rules out',
  'match-subject': 'a rule about "sub"',
  'match-wildcard': 'a pattern where only exact texts are compared',
  'pin-missing': 'an issuer without the numeric ids of the repository',
  'pin-not-numeric': 'a pin that is a name, not an id',
  'protection-empty': 'a claim of protection that says nothing of protection',
  'queue-with-others': 'a merge queue that shares its rule with other jobs',
  'queue-without-event': 'a queue that every job may write',
  'read-foreign-scope': 'a rule that reads what it does not own',
  'read-order': 'a scope of the job is read before a trusted one',
  'read-untrusted': 'a trusted or queue job that reads more than trusted scopes',
  'rule-idle': 'a rule that grants nothing',
  'rule-unreachable': 'a rule that never decides, because one before it always does',
  'scope-shared': 'a scope that untrusted jobs share',
  'scope-unknown': 'no scope',
  'template-of-strangers': 'a scope named by text that is not checked',
  'token-shared': 'one token for two things',
  'trusted-branch-mismatch': 'a trusted scope written by another branch than its own',
  'trusted-by-template': 'a trusted scope that is not written by its name',
  'trusted-undeclared': 'a trusted scope without a branch',
  'trusted-unsafe-event': "a trusted scope written by jobs of somebody else's change",
  'trusted-without-event': 'a trusted scope written by jobs of any event',
  'trusted-without-protection': 'a trusted scope written from an unprotected branch',
  'trusted-without-ref': 'a trusted scope written from any branch',
} as const

export type FlawId = keyof typeof FLAWS

/** Every unsafe shape in a policy, in the order of the file. A server refuses to start with any. */
export function lintPolicy({ policy, placeOf }: PlacedPolicy): readonly PolicyFinding[] {
  const flaws = [
    ...accessFindings(policy),
    ...Object.entries(policy.workspaces).flatMap(([name, workspace]) =>
      workspace.issuers.flatMap((issuer, index) => {
        const place = { workspace, issuer, path: ['workspaces', name, 'issuers', index] }
        return [
          ...issuerFindings(place),
          ...issuer.rules.flatMap((rule, at) => {
            const about = { ...place, rule, path: [...place.path, 'rules', at] }
            return [...ruleFindings(about), ...scopeFindings(about)]
          }),
          ...shadowFindings(place),
          ...wordFindings(place),
        ]
      }),
    ),
  ]
  return flaws
    .map(({ path, ...flaw }) => ({ ...flaw, place: placeOf(path) }))
    .sort((left, right) => comparePlaces(left.place, right.place) || (left.id < right.id ? -1 : 1))
}

function comparePlaces(left: string, right: string): number {
  const [leftLine = 0, leftColumn = 0] = numbersOf(left)
  const [rightLine = 0, rightColumn = 0] = numbersOf(right)
  return leftLine - rightLine || leftColumn - rightColumn
}

function numbersOf(place: string): readonly number[] {
  return place.split(':').slice(-2).map(Number)
}
