import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { TEST_AUDIENCE } from '../../testing/issuer.ts'
import type { Claims } from './claims.ts'
import { evaluate } from './evaluate.ts'
import { lintPolicy } from './lint.ts'
import { type Issuer, policySchema, type Workspace } from './schema.ts'

/** Policies of every shape, most of them unsafe, and claims of every kind: what no rule may make happen. */
const EVENTS = ['push', 'schedule', 'pull_request', 'pull_request_target', 'issue_comment', 'workflow_run', 'merge_group']
const REFS = ['refs/heads/main', 'refs/heads/next', 'refs/heads/feature', 'refs/pull/5/merge', 'main']
const SCOPES = [
  'trusted/main',
  'trusted/next',
  'trusted/{base_ref}',
  'trusted/{ref}',
  'pr/{ref}',
  'branch/{ref}',
  'queue/{ref}',
  'pr/all',
  'trusted/*',
  '../trusted/main',
  'pr/{head_ref}',
]

const some = (values: readonly string[]): fc.Arbitrary<string | string[]> =>
  fc.oneof(fc.constantFrom(...values), fc.subarray([...values], { minLength: 1 }))
const anyMatch = fc.record(
  {
    event_name: some(EVENTS),
    ref: some(REFS),
    ref_protected: some(['true', 'false']),
    head_ref: some(['main']),
    ref_type: some(['branch', 'tag']),
  },
  { requiredKeys: [] },
)
const scope = fc.constantFrom(...SCOPES)
const anyRule = fc.record(
  { match: anyMatch, read: fc.array(scope, { maxLength: 3 }), write: scope },
  { requiredKeys: ['match', 'read'] },
)
/** Rules of the cookbook, and such with one part of another. */
const cookbook = fc.constantFrom(
  { match: { event_name: 'push', ref: 'refs/heads/main', ref_protected: 'true' }, read: ['trusted/main'], write: 'trusted/main' },
  { match: { event_name: 'pull_request' }, read: ['trusted/{base_ref}', 'pr/{ref}'], write: 'pr/{ref}' },
  { match: { event_name: 'merge_group' }, read: ['trusted/main'], write: 'queue/{ref}' },
  { match: { event_name: 'push', ref_type: 'branch' }, read: ['trusted/main', 'branch/{ref}'], write: 'branch/{ref}' },
)
const nearly = fc
  .tuple(cookbook, anyRule, fc.constantFrom('match', 'read', 'write'))
  .map(([good, other, part]) => ({ ...good, [part]: other[part] ?? good[part] }))
const rule = fc.oneof(cookbook, nearly, anyRule)
const IDS = { repository_id: '1', repository_owner_id: '2' }
const pin = fc.oneof({ weight: 8, arbitrary: fc.constant(IDS) }, fc.constantFrom({ repository_id: '1' }, {}))
const claims = fc.record({
  event_name: fc.oneof(fc.constantFrom('push', 'pull_request', 'merge_group'), fc.constantFrom(...EVENTS)),
  ref: fc.oneof(fc.constant('refs/heads/main'), fc.constantFrom(...REFS)),
  ref_protected: fc.constantFrom('true', 'true', 'false'),
  ref_type: fc.constantFrom('branch', 'tag'),
  base_ref: fc.constantFrom('main', 'next', 'feature', ''),
  head_ref: fc.constantFrom('main', 'feature'),
  repository_id: fc.constantFrom('1', '1', '1', '9'),
  repository_owner_id: fc.constant('2'),
})

interface Drawn {
  readonly workspace: Workspace
  readonly issuer: Issuer
  readonly unsafe: readonly string[]
}

function policyOf(rules: readonly object[], pins: object): Drawn {
  const issuer = {
    kind: 'github',
    aud: TEST_AUDIENCE,
    pin: pins,
    rules: rules.map((one, index) => ({ id: `r${index}`, ...one })),
  }
  const policy = policySchema.parse({ workspaces: { acme: { trusted: { main: 'main', next: 'next' }, issuers: [issuer] } } })
  const workspace = policy.workspaces['acme']
  const [only] = workspace?.issuers ?? []
  if (workspace === undefined || only === undefined) throw new Error('the policy is empty')
  return { workspace, issuer: only, unsafe: lintPolicy({ policy, placeOf: () => 'policy.yaml:1:1' }).map(({ id }) => id) }
}

it('whatever a policy says, nobody reads a scope of others, and no stranger writes what is trusted', () => {
  let granted = 0
  let trusted = 0
  let safe = 0
  const over = (least: number): unknown => expect.toSatisfy((count: number) => count > least, `more than ${least}`)
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), pin, claims, (rules, pins, given: Claims) => {
      const { workspace, issuer, unsafe } = policyOf(rules, pins)
      const { grant } = evaluate({ name: 'acme', workspace, issuer }, given)
      if (unsafe.length === 0) safe += 1
      if (grant === undefined) return
      granted += 1
      const own = grant.read.filter((one) => !one.startsWith('trusted/'))
      expect(own.every((one) => one === grant.write)).toBe(true)
      expect(own.length === 0 || grant.read.at(-1) === own[0]).toBe(true)
      const believed = ['trusted', 'queue'].includes(grant.write?.split('/')[0] ?? '')
      expect(believed ? own : []).toEqual([])
      const isShared = ['pull_request_target', 'issue_comment', 'workflow_run'].includes(String(given['event_name']))
      expect(isShared ? grant.write : undefined).toBeUndefined()
      expect(given['event_name'] === 'merge_group' ? own : []).toEqual([])
      if (grant.write?.startsWith('trusted/') !== true) return
      trusted += 1
      expect(['push', 'schedule']).toContain(given['event_name'])
      expect(grant.write).toBe(`trusted/${String(given['ref']).replace('refs/heads/', '')}`)
      if (unsafe.length > 0) return
      expect(given).toMatchObject({ ref_protected: 'true', repository_id: '1', repository_owner_id: '2' })
    }),
    { numRuns: 8000 },
  )
  // The property is about these; where there are few, it says little.
  expect({ granted, trusted, safe }).toEqual({ granted: over(500), trusted: over(40), safe: over(500) })
})
