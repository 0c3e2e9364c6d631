import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GITHUB_PULL_REQUEST, GITHUB_PUSH, GITLAB_PUSH, TEST_AUDIENCE } from '../../testing/issuer.ts'
import { githubIssuer, githubPolicy, gitlabPolicy } from '../../testing/policy.ts'
import type { Claims } from './claims.ts'
import { candidatesOf, evaluate, type Evaluation } from './evaluate.ts'
import { explanationOf } from './explain.ts'
import type { Issuer, Policy } from './schema.ts'

const ISS = 'https://issuer.test'
const decide = (policy: Policy, claims: Claims): Evaluation => {
  const [candidate] = candidatesOf(policy, { iss: ISS, aud: TEST_AUDIENCE, ...claims })
  if (candidate === undefined) throw new Error('no candidate')
  return evaluate(candidate, claims)
}
const github = (claims: Claims): Evaluation => decide(githubPolicy(ISS), claims)

describe('the policy', () => {
  it.each<[string, Claims, object]>([
    ['a push to main', GITHUB_PUSH, { rule: 'main', read: ['trusted/main'], write: 'trusted/main' }],
    ['a schedule', { ...GITHUB_PUSH, event_name: 'schedule' }, { rule: 'main', write: 'trusted/main' }],
    [
      'a merge group',
      { ...GITHUB_PUSH, event_name: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-5-abc' },
      { rule: 'queue', read: ['trusted/main'], write: 'queue/github.refs~2fheads~2fgh-readonly-queue~2fmain~2fpr-5-abc' },
    ],
    [
      'a pull request against main',
      GITHUB_PULL_REQUEST,
      { read: ['trusted/main', 'pr/github.refs~2fpull~2f5~2fmerge'], write: 'pr/github.refs~2fpull~2f5~2fmerge' },
    ],
    [
      'a pull request against a trusted branch of another name',
      { ...GITHUB_PULL_REQUEST, base_ref: 'release/next' },
      { read: ['trusted/next', 'pr/github.refs~2fpull~2f5~2fmerge'] },
    ],
    [
      'a pull request against a branch that nobody trusts',
      { ...GITHUB_PULL_REQUEST, base_ref: 'feature' },
      { read: ['pr/github.refs~2fpull~2f5~2fmerge'] },
    ],
    [
      'a pull request whose base wants to be a scope',
      { ...GITHUB_PULL_REQUEST, base_ref: '__proto__' },
      { read: ['pr/github.refs~2fpull~2f5~2fmerge'] },
    ],
    [
      'a push to a branch',
      { ...GITHUB_PUSH, ref: 'refs/heads/feature', ref_protected: 'false' },
      { read: ['trusted/main', 'branch/github.refs~2fheads~2ffeature'], write: 'branch/github.refs~2fheads~2ffeature' },
    ],
    [
      'a push to main while it is not protected',
      { ...GITHUB_PUSH, ref_protected: 'false' },
      { rule: 'branch', write: 'branch/github.refs~2fheads~2fmain' },
    ],
  ])('grants %s what its rule says', (_, claims, grant) => {
    expect(github(claims).grant).toMatchObject(grant)
  })

  it.each<[string, Claims]>([
    ['a tag', { ...GITHUB_PUSH, ref: 'refs/tags/v1', ref_type: 'tag' }],
    ['a release', { ...GITHUB_PUSH, event_name: 'release', ref: 'refs/tags/v1', ref_type: 'tag' }],
    ['an event in a list', { ...GITHUB_PUSH, event_name: ['push'] }],
    ['an event in another case', { ...GITHUB_PUSH, event_name: 'PUSH' }],
    ['no claims', { repository_id: '123456', repository_owner_id: '65' }],
  ])('grants %s nothing', (_, claims) => {
    expect(github(claims).grant).toBeUndefined()
  })

  it('compares a flag that is written as a boolean by its text', () => {
    expect(github({ ...GITHUB_PUSH, ref_protected: true }).grant).toMatchObject({ rule: 'main' })
  })

  it('cache-05: a merge queue and a trusted job read trusted scopes only, whatever a rule says', () => {
    const issuer = githubIssuer(ISS) as { rules: { read: string[] }[] }
    issuer.rules = issuer.rules.map((rule) => ({ ...rule, read: ['pr/{ref}', 'branch/{ref}', 'queue/{ref}', 'trusted/main'] }))
    const policy = githubPolicy(ISS, { issuers: [issuer] })
    expect(decide(policy, GITHUB_PUSH).grant?.read).toEqual(['trusted/main'])
    expect(decide(policy, { ...GITHUB_PUSH, event_name: 'merge_group' }).grant?.read).toEqual(['trusted/main'])
    const pull = decide(policy, GITHUB_PULL_REQUEST).grant
    expect(pull?.read).toEqual(['trusted/main', pull?.write])
  })

  it.each([{ event_name: ['merge_group', 'push'] }, { ref_protected: 'true' }])(
    'cache-05: grants a merge queue nothing by a rule that matches others too: %j',
    (match) => {
      const issuer = githubIssuer(ISS) as { rules: object[] }
      issuer.rules = [{ id: 'mixed', match, read: ['trusted/main', 'branch/{ref}'], write: 'branch/{ref}' }]
      const policy = githubPolicy(ISS, { issuers: [issuer] })
      const queue = decide(policy, { ...GITHUB_PUSH, event_name: 'merge_group' })
      expect(queue.grant).toBeUndefined()
      expect(queue.trials[0]?.refusal).toBe('a merge queue has rules of its own')
      expect(decide(policy, GITHUB_PUSH).grant).toMatchObject({ rule: 'mixed' })
    },
  )

  it('cache-05: a rule of a merge queue reads trusted scopes only, wherever it writes', () => {
    const issuer = githubIssuer(ISS) as { rules: object[] }
    const match = { event_name: 'merge_group' }
    issuer.rules = [{ id: 'queue', match, read: ['trusted/main', 'branch/{ref}'], write: 'branch/{ref}' }]
    const { grant } = decide(githubPolicy(ISS, { issuers: [issuer] }), { ...GITHUB_PUSH, event_name: 'merge_group' })
    expect(grant?.read).toEqual(['trusted/main'])
  })

  it.each(['pull_request_target', 'issue_comment', 'workflow_run', 'check_run', ''])(
    'cache-03: jobs of %j, which all have the ref of the default branch, share no scope, whatever a rule says',
    (event_name) => {
      const issuer = githubIssuer(ISS) as { rules: { id: string; match: object }[] }
      const careless = (id: string): Claims => {
        const rules = issuer.rules.filter((rule) => rule.id === id).map((rule) => ({ ...rule, match: { ref_type: 'branch' } }))
        const evaluation = decide(githubPolicy(ISS, { issuers: [{ ...issuer, rules }] }), { ...GITHUB_PUSH, event_name })
        return { grant: evaluation.grant, refusal: evaluation.trials[0]?.refusal }
      }
      const refused = { grant: undefined, refusal: `jobs of "${event_name}" all have the ref of the default branch` }
      expect([careless('pull-request'), careless('branch')]).toEqual([refused, refused])
    },
  )

  it('takes the claims of GitLab, whose refs are short', () => {
    expect(decide(gitlabPolicy(ISS), GITLAB_PUSH).grant).toMatchObject({
      write: 'trusted/main',
      writer: { run: '574', job: '302', actor: '1' },
    })
    const branch = { ...GITLAB_PUSH, ref: 'feature', ref_protected: 'false' }
    expect(decide(gitlabPolicy(ISS), branch).grant).toMatchObject({ write: 'branch/gitlab.refs~2fheads~2ffeature' })
    expect(decide(gitlabPolicy(ISS), { ...branch, ref_type: undefined }).grant).toBeUndefined()
  })

  it('is for no token of another issuer or audience', () => {
    const policy = githubPolicy(ISS)
    for (const claims of [
      {},
      { iss: ISS },
      { iss: `${ISS}/`, aud: TEST_AUDIENCE },
      { iss: [ISS], aud: TEST_AUDIENCE },
      { iss: ISS, aud: [TEST_AUDIENCE, 'x'] },
    ])
      expect(candidatesOf(policy, claims)).toEqual([])
  })

  it('whatever the claims, a trusted scope is written only by a job that the rule names exactly', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('main', 'push', 'true', 'refs/heads/main', 'branch', 'pull_request', 'schedule'),
    )
    const value = fc.oneof(
      text,
      fc.array(text, { maxLength: 2 }),
      fc.boolean(),
      fc.integer(),
      fc.constant(null),
      fc.object({ maxDepth: 1 }),
    )
    const names = [
      'event_name',
      'ref',
      'ref_type',
      'ref_protected',
      'base_ref',
      'head_ref',
      'sub',
      'repository_id',
      'repository_owner_id',
      'environment',
    ]
    const claims = fc.record(
      Object.fromEntries(names.map((name) => [name, fc.oneof({ weight: 3, arbitrary: fc.constant(GITHUB_PUSH[name]) }, value)])),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(claims, (given) => {
        const { grant } = github(given)
        const says = (claim: string, ...texts: readonly string[]): boolean =>
          typeof given[claim] !== 'object' && texts.includes(JSON.stringify(given[claim] ?? '').replaceAll('"', ''))
        const exact =
          says('event_name', 'push', 'schedule', 'workflow_dispatch') &&
          says('ref', 'refs/heads/main') &&
          says('ref_protected', 'true') &&
          says('repository_id', '123456') &&
          says('repository_owner_id', '65')
        expect(grant?.write === 'trusted/main').toBe(exact)
        for (const scope of grant?.read ?? []) expect(['trusted/main', 'trusted/next', grant?.write]).toContain(scope)
        const own = grant?.read.findIndex((scope) => !scope.startsWith('trusted/')) ?? -1
        expect(own === -1 || own === (grant?.read.length ?? 0) - 1).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('grants nothing where nothing is pinned or matched, though a linter would not let it start', () => {
    const issuer = githubIssuer(ISS) as Issuer
    expect(decide(githubPolicy(ISS, { issuers: [{ ...issuer, pin: {} }] }), GITHUB_PUSH).grant).toBeUndefined()
    const [rule] = issuer.rules
    const open = githubPolicy(ISS, { issuers: [{ ...issuer, rules: [{ ...rule, match: {} }] }] })
    expect(decide(open, GITHUB_PUSH).grant).toBeUndefined()
  })
})

describe('the explanation', () => {
  it('says for every rule which claim did not match', () => {
    expect(explanationOf(github({ ...GITHUB_PUSH, event_name: 'pull_request_target', ref_type: undefined })).join('\n'))
      .toMatchInlineSnapshot(`
      "workspace acme, issuer github:
        rule main: does not match
          event_name is "pull_request_target"; it has to be "push", "schedule" or "workflow_dispatch"
        rule queue: does not match
          event_name is "pull_request_target"; it has to be "merge_group"
        rule pull-request: does not match
          event_name is "pull_request_target"; it has to be "pull_request"
        rule branch: does not match
          event_name is "pull_request_target"; it has to be "push"
          ref_type is missing; it has to be "branch"
        no rule grants anything"
    `)
  })

  it('says what is granted', () => {
    expect(explanationOf(github(GITHUB_PULL_REQUEST)).join('\n')).toMatchInlineSnapshot(`
      "workspace acme, issuer github:
        rule main: does not match
          event_name is "pull_request"; it has to be "push", "schedule" or "workflow_dispatch"
          ref is "refs/pull/5/merge"; it has to be "refs/heads/main"
          ref_protected is "false"; it has to be "true"
        rule queue: does not match
          event_name is "pull_request"; it has to be "merge_group"
        rule pull-request: matches
        granted by rule pull-request
          reads  trusted/main, then pr/github.refs~2fpull~2f5~2fmerge
          writes pr/github.refs~2fpull~2f5~2fmerge"
    `)
  })

  it('says that a token is of another repository', () => {
    expect(explanationOf(github({ ...GITHUB_PUSH, repository_id: '9' })).join('\n')).toMatchInlineSnapshot(`
      "workspace acme, issuer github: not this repository
        repository_id is "9"; it has to be "123456""
    `)
  })

  it('shows text of strangers on one line, and not for ever', () => {
    const [, ...lines] = explanationOf(github({ ...GITHUB_PUSH, event_name: `a\n\u2028\u009b${'b'.repeat(10_000)}` }))
    expect(lines.every((line) => !/[\n\u2028\u009b]/u.test(line) && line.length < 300)).toBe(true)
  })
})
