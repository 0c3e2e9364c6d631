import { describe, expect, it } from 'vitest'
import { FLAWS, type FlawId, lintPolicy } from './lint.ts'
import { parsePolicy } from './parse.ts'

const HASH = `sha256:${'0'.repeat(64)}`
const GITHUB = `workspaces:
  acme:
    visibility: private
    anonymous: none
    trusted: { main: main, next: release/next }
    issuers:
      - kind: github
        aud: https://cache.acme.dev
        pin: { repository_id: "123", repository_owner_id: "45" }
        rules:
          - id: main
            match: { event_name: [push, schedule], ref: refs/heads/main, ref_protected: "true" }
            read: [trusted/main]
            write: trusted/main
          - id: queue
            match: { event_name: merge_group }
            read: [trusted/main]
            write: queue/{ref}
          - id: pull-request
            match: { event_name: pull_request }
            read: ["trusted/{base_ref}", "pr/{ref}"]
            write: pr/{ref}
          - id: branch
            match: { event_name: push, ref_type: branch }
            read: [trusted/main, "branch/{ref}"]
            write: branch/{ref}
`
const GITLAB = `workspaces:
  acme:
    trusted: { main: main }
    issuers:
      - kind: gitlab
        aud: https://cache.acme.dev
        pin: { project_id: "20", namespace_id: "72" }
        rules:
          - id: main
            match: { pipeline_source: push, ref: main, ref_type: branch, ref_protected: "true" }
            read: [trusted/main]
            write: trusted/main
`
const OTHER = `workspaces:
  acme:
    trusted: { main: main }
    issuers:
      - kind: other
        name: buildkite
        iss: https://agent.buildkite.com
        aud: https://cache.acme.dev
        claims: { ref: build_branch, event: build_source, protected: cluster_id }
        pin: { organization_id: 0184990a-477b }
        rules:
          - id: main
            match: { build_source: schedule, build_branch: main, cluster_id: 0184990a-trusted }
            read: [trusted/main]
            write: trusted/main
`

const lint = (text: string): ReturnType<typeof lintPolicy> => lintPolicy(parsePolicy(text, 'policy.yaml'))
const replaced = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`${from} is not there`)
  return text.replace(from, to)
}
const second = (text: string): string => text + text.slice(text.indexOf('  acme:')).replace('acme:', 'beta:')

/** Every flaw with the change of a safe policy that makes it; several where there are several ways. */
const CASES: Readonly<Record<FlawId, readonly string[]>> = {
  'algorithm-shared-secret': [
    replaced(GITHUB, 'kind: github', 'kind: github\n        algorithms: [RS256, HS256]'),
    replaced(GITHUB, 'kind: github', 'kind: github\n        algorithms: [none]'),
  ],
  'ambiguous-workspace': [second(GITHUB)],
  'anonymous-private': [replaced(GITHUB, 'anonymous: none', 'anonymous: read-trusted')],
  'anonymous-reads-nothing': [`workspaces:\n  a: { visibility: public, anonymous: read-trusted, trusted: {} }\n`],
  'audience-of-others': [
    replaced(GITHUB, 'https://cache.acme.dev', 'https://github.com/acme'),
    replaced(GITLAB, 'https://cache.acme.dev', 'https://gitlab.com'),
    replaced(GITHUB, 'https://cache.acme.dev', '"*"'),
  ],
  'claim-of-strangers': [
    replaced(GITHUB, 'event_name: pull_request', 'event_name: pull_request, head_ref: main'),
    replaced(GITHUB, 'event_name: pull_request', 'event_name: pull_request, actor: octocat'),
    replaced(OTHER, 'ref: build_branch', 'ref: head_ref'),
  ],
  'claim-unknown': [
    replaced(GITHUB, 'event_name: push, ref_type: branch', 'event_name: push, ref_typ: branch'),
    replaced(GITHUB, 'repository_id: "123"', 'repository_id: "123", repo_id: "1"'),
    replaced(GITLAB, 'ref_type: branch', 'ref_type: branch, event_name: push'),
  ],
  'event-unknown': [
    replaced(GITHUB, 'event_name: pull_request', 'event_name: pull_reqest'),
    replaced(GITHUB, 'event_name: pull_request', 'event_name: [pull_request, pull-request-review]'),
    replaced(GITLAB, 'pipeline_source: push', 'pipeline_source: pushed'),
  ],
  'issuer-keys-differ': [
    replaced(second(GITHUB), 'kind: github', 'kind: github\n        jwks_uri: https://keys.acme.dev/keys').replace(
      '"123"',
      '"124"',
    ),
  ],
  'issuer-of-preset': [replaced(OTHER, 'https://agent.buildkite.com', 'https://token.actions.githubusercontent.com')],
  'issuer-without-tls': [
    replaced(GITHUB, 'kind: github', 'kind: github\n        iss: http://token.actions.githubusercontent.com'),
    replaced(GITHUB, 'kind: github', 'kind: github\n        jwks_uri: http://keys.acme.dev/keys'),
    replaced(GITHUB, 'kind: github', 'kind: github\n        iss: http://127.0.0.1.evil.example'),
    replaced(GITHUB, 'kind: github', 'kind: github\n        iss: file:///etc/keys'),
  ],
  'match-empty': [replaced(GITHUB, 'match: { event_name: pull_request }', 'match: {}')],
  'match-impossible': [replaced(GITHUB, 'event_name: pull_request', 'event_name: pull_request, repository_id: "999"')],
  'match-subject': [replaced(GITHUB, 'event_name: pull_request', 'sub: "repo:acme/app:pull_request"')],
  'match-wildcard': [
    replaced(GITHUB, 'ref_type: branch }', 'ref_type: branch, ref: refs/heads/* }'),
    replaced(GITHUB, '["trusted/{base_ref}"', '["trusted/*"'),
  ],
  'pin-missing': [
    replaced(GITHUB, 'repository_id: "123", ', ''),
    replaced(GITHUB, ', repository_owner_id: "45"', ''),
    replaced(GITHUB, '{ repository_id: "123", repository_owner_id: "45" }', '{ repository: acme/app }'),
    replaced(GITLAB, 'project_id: "20", ', ''),
    replaced(OTHER, '{ organization_id: 0184990a-477b }', '{}'),
  ],
  'pin-not-numeric': [replaced(GITHUB, '"123"', 'acme/app')],
  'protection-empty': [
    ...['build_branch', 'build_source', 'organization_id', 'aud'].map((claim) =>
      replaced(OTHER, 'protected: cluster_id', `protected: ${claim}`),
    ),
    replaced(OTHER, 'protected: cluster_id', 'protected: cluster_id, base_ref: cluster_id'),
  ],
  'queue-with-others': [
    replaced(GITHUB, 'event_name: push, ref_type: branch', 'event_name: [merge_group, push]'),
    replaced(GITHUB, 'event_name: merge_group', 'event_name: [merge_group, schedule]'),
    `${GITHUB}          - { id: all, match: { event_name: [release, merge_group] }, read: [trusted/main] }\n`,
  ],
  'queue-without-event': [replaced(GITHUB, 'event_name: merge_group', 'event_name: [merge_group, pull_request]')],
  'read-foreign-scope': [
    replaced(GITHUB, '"trusted/{base_ref}", "pr/{ref}"', '"branch/{ref}"'),
    `${GITHUB}          - { id: release, match: { event_name: release }, read: ["pr/{ref}"] }\n`,
  ],
  'read-order': [replaced(GITHUB, '"trusted/{base_ref}", "pr/{ref}"', '"pr/{ref}", "trusted/{base_ref}"')],
  'read-untrusted': [
    replaced(GITHUB, 'read: [trusted/main]', 'read: [trusted/main, "pr/{ref}"]'),
    replaced(
      GITHUB,
      'read: [trusted/main]\n            write: queue',
      'read: [trusted/main, "queue/{ref}"]\n            write: queue',
    ),
    replaced(
      GITHUB,
      'read: [trusted/main]\n            write: queue/{ref}',
      'read: [trusted/main, "branch/{ref}"]\n            write: branch/{ref}',
    ),
  ],
  'rule-idle': [`${GITHUB}          - { id: nothing, match: { event_name: release } }\n`],
  'rule-unreachable': [
    `${GITHUB}          - { id: late, match: { event_name: push, ref_type: branch, actor_id: "1" }, read: [trusted/main] }\n`,
  ],
  'scope-shared': [
    replaced(GITHUB, 'write: pr/{ref}', 'write: pr/all'),
    replaced(GITHUB, 'event_name: pull_request', 'event_name: [pull_request, pull_request_target]'),
    replaced(GITHUB, 'event_name: push, ref_type: branch', 'event_name: [push, workflow_run]'),
    replaced(GITHUB, 'event_name: push, ref_type: branch', 'runner_environment: github-hosted'),
  ],
  'scope-unknown': [
    replaced(GITHUB, 'write: pr/{ref}', 'write: pr/x-{ref}'),
    replaced(GITHUB, 'write: pr/{ref}', 'write: ../trusted/main'),
    replaced(GITHUB, 'write: pr/{ref}', 'write: "$(id)"'),
    replaced(GITLAB, 'read: [trusted/main]', 'read: ["trusted/{base_ref}"]'),
  ],
  'template-of-strangers': [
    replaced(GITHUB, 'write: pr/{ref}', 'write: pr/{head_ref}'),
    replaced(GITHUB, 'write: pr/{ref}', 'write: pr/{actor}'),
  ],
  'token-shared': [
    replaced(GITHUB, 'anonymous: none', `tokens: [{ name: a, hash: "${HASH}" }]\n    admins: [{ name: b, hash: "${HASH}" }]`),
  ],
  'trusted-branch-mismatch': [
    replaced(GITHUB, 'ref: refs/heads/main', 'ref: refs/heads/develop'),
    replaced(GITHUB, 'ref: refs/heads/main', 'ref: [refs/heads/main, refs/heads/release/next]'),
    replaced(GITHUB, 'ref: refs/heads/main', 'ref: main'),
  ],
  'trusted-by-template': [
    replaced(GITHUB, 'write: trusted/main', 'write: trusted/{ref}'),
    replaced(GITHUB, 'write: trusted/main', 'write: trusted/{base_ref}'),
  ],
  'trusted-undeclared': [
    replaced(GITHUB, 'write: trusted/main', 'write: trusted/other'),
    replaced(GITHUB, 'read: [trusted/main, "branch/{ref}"]', 'read: [trusted/other, "branch/{ref}"]'),
  ],
  'trusted-unsafe-event': [
    ...['pull_request', 'pull_request_target', 'issue_comment', 'workflow_run', 'merge_group', 'check_run', 'release'].map(
      (event) => replaced(GITHUB, '[push, schedule]', `[push, ${event}]`),
    ),
    ...['merge_request_event', 'external_pull_request_event', 'parent_pipeline', 'trigger'].map((event) =>
      replaced(GITLAB, 'pipeline_source: push', `pipeline_source: ${event}`),
    ),
    ...['pull_request', 'pr_opened', 'new-MR'].map((event) =>
      replaced(OTHER, 'build_source: schedule', `build_source: ${event}`),
    ),
  ],
  'trusted-without-event': [
    replaced(GITHUB, 'event_name: [push, schedule], ', ''),
    replaced(GITLAB, 'pipeline_source: push, ', ''),
    replaced(OTHER, 'build_source: schedule, ', ''),
  ],
  'trusted-without-protection': [
    replaced(GITHUB, ', ref_protected: "true"', ''),
    replaced(GITHUB, 'ref_protected: "true"', 'ref_protected: "false"'),
    replaced(GITLAB, ', ref_protected: "true"', ''),
    replaced(OTHER, ', protected: cluster_id', ''),
    replaced(OTHER, ', cluster_id: 0184990a-trusted', ''),
  ],
  'trusted-without-ref': [
    replaced(GITHUB, ' ref: refs/heads/main,', ''),
    replaced(GITLAB, ' ref: main,', ''),
    replaced(GITLAB, ' ref_type: branch,', ''),
  ],
}

describe('the linter of policies', () => {
  it.each([
    ['GitHub', GITHUB],
    ['GitLab', GITLAB],
    ['another issuer', OTHER],
  ])('finds nothing in the policy for %s', (_, text) => {
    expect(lint(text)).toEqual([])
  })

  it('takes an issuer on loop-back, and a public workspace that anybody reads', () => {
    const local = replaced(GITHUB, 'kind: github', 'kind: github\n        iss: http://127.0.0.1:8080')
    expect(lint(replaced(replaced(local, 'private', 'public'), 'none', 'read-trusted'))).toEqual([])
  })

  it.each(Object.entries(CASES).flatMap(([id, texts]) => texts.map((text, index) => [id, index, text] as const)))(
    'finds %s (%i)',
    (id, _, text) => {
      const found = lint(text).filter((finding) => finding.id === id)
      expect(found).not.toEqual([])
      for (const { place, why, instead } of found) {
        expect(place).toMatch(/^policy\.yaml:\d+:\d+$/)
        expect(why.length).toBeGreaterThan(10)
        expect(instead.length).toBeGreaterThan(3)
      }
    },
  )

  it('names what was probably meant, and takes what another issuer may call its own', () => {
    const typos = replaced(replaced(GITHUB, 'ref_type: branch', 'ref_typ: branch'), 'name: pull_request', 'name: pull_reqest')
    expect(lint(typos).map(({ place, why, instead }) => ({ place, why, instead }))).toEqual([
      { place: 'policy.yaml:20:22', why: 'no job of github is started by "pull_reqest"', instead: 'pull_request' },
      { place: 'policy.yaml:24:40', why: 'no token of github has a claim "ref_typ"', instead: 'ref_type' },
    ])
    expect(lint(replaced(OTHER, 'build_source: schedule', 'build_source: nightly, of_their_own: x'))).toEqual([])
    expect(lint(replaced(GITHUB, 'ref_type: branch', 'repo_property_team: cache'))).toEqual([])
  })

  it('has a case for everything that it finds', () => {
    expect(Object.keys(CASES)).toEqual(Object.keys(FLAWS))
    expect(Object.values(CASES).filter((texts) => texts.length === 0)).toEqual([])
  })

  it('says the place, why, and what to write instead, in the order of the file', () => {
    const text = replaced(replaced(GITHUB, 'event_name: [push, schedule], ', ''), 'write: pr/{ref}', 'write: pr/{head_ref}')
    expect(lint(text)).toMatchInlineSnapshot(`
      [
        {
          "id": "trusted-without-event",
          "instead": "event_name: one of push, repository_dispatch, schedule, workflow_dispatch",
          "place": "policy.yaml:14:13",
          "why": "it does not look at "event_name": jobs that run a stranger's code can have the ref of a trusted branch",
        },
        {
          "id": "read-foreign-scope",
          "instead": "the trusted scopes, and the scope that is written",
          "place": "policy.yaml:21:42",
          "why": "it reads pr/{ref} and writes pr/{head_ref}: a job reads trusted scopes and its own",
        },
        {
          "id": "template-of-strangers",
          "instead": "{ref}, as in pr/{ref}",
          "place": "policy.yaml:22:13",
          "why": ""{head_ref}" is not checked by the issuer for what a scope needs: two jobs could have the same, or choose it",
        },
      ]
    `)
  })
})
