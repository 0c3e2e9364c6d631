import { describe, expect, it } from 'vitest'
import { DEPENDABOT, dependabotCommit } from '../../testing/fake-github.ts'
import { CAPTURED, HEAD, mergeableState, outputsWith, REPOSITORY } from '../../testing/update.ts'
import { decideUpdate } from './decide.ts'
import type { UpdateFacts } from './facts.ts'
import { readMetadata } from './metadata.ts'

const state = mergeableState()
const FACTS: UpdateFacts = {
  event: { repository: { full_name: REPOSITORY }, pull_request: { number: 7, head: { sha: HEAD } } },
  pull: { ...state.pull, commits: 1, changed_files: 2 },
  metadata: readMetadata(CAPTURED),
  commits: state.commits,
  files: state.files,
  tests: 1,
  rules: [{ type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'gate' }] } }],
  allowsAutoMerge: true,
}

function reasons(changed: Partial<UpdateFacts>): readonly string[] {
  return decideUpdate({ ...FACTS, ...changed }).reasons
}

function about(...dependencies: readonly Readonly<Record<string, unknown>>[]): Partial<UpdateFacts> {
  return { metadata: readMetadata(outputsWith(...dependencies)) }
}

function commit(changed: object): Partial<UpdateFacts> {
  return { commits: [{ ...dependabotCommit(HEAD), ...changed }] }
}

function files(...changed: { filename: string; status?: string; previous_filename?: string }[]): Partial<UpdateFacts> {
  return {
    files: changed.map((file) => ({ status: 'modified', ...file })),
    pull: { ...FACTS.pull, changed_files: changed.length },
  }
}

describe('an update', () => {
  it('may merge where nothing speaks against it', () => {
    expect(decideUpdate(FACTS)).toEqual({
      kind: 'merge',
      reasons: ['"serde", "tokio" move by a patch version, and one test runs for it'],
      label: undefined,
      withdraw: false,
    })
  })

  it.each<[string, Partial<UpdateFacts>]>([
    ['"serde" moves by a minor version ("1.0.218" to "1.0.219")', about({ updateType: 'version-update:semver-minor' })],
    ['"tokio" moves by a major version ("1.44.0" to "1.44.2")', about({}, { updateType: 'version-update:semver-major' })],
    [
      '"serde" is not known to move by a compatible patch version ("1.0.9" to "1.1.0")',
      about({ prevVersion: '1.0.9', newVersion: '1.1.0' }),
    ],
    ['"serde" is of the ecosystem "github_actions", whose files are not known', about({ packageEcosystem: 'github_actions' })],
    ['"serde" is in no group of patch versions: it may be a security update', about({ dependencyGroup: '' })],
    ['"serde" is in no group of patch versions: it may be a security update', about({ dependencyGroup: 'everything' })],
    ['"serde" is for the branch "other", not for "main"', about({ targetBranch: 'other' })],
    ['"serde" may have new maintainers', about({ maintainerChanges: true })],
    ['it is not known which tests of the plan are for it', { tests: undefined }],
    ['the plan has no test for it', { tests: 0 }],
    ['the commit "aaaaaaaaaaaa" is not proved to be Dependabot\'s', commit({ author: { login: 'octocat', type: 'User' } })],
    ['the commit "aaaaaaaaaaaa" is not proved to be Dependabot\'s', commit({ author: null })],
    ['the commit "aaaaaaaaaaaa" is not proved to be Dependabot\'s', commit({ author: {}, commit: {} })],
    ['the commit "aaaaaaaaaaaa" is not proved to be Dependabot\'s', commit({ committer: { login: 'octocat', type: 'User' } })],
    ['the commit "aaaaaaaaaaaa" is not proved to be Dependabot\'s', commit({ commit: { verification: { verified: false } } })],
    ['GitHub lists 1 of 251 commits, or not up to the head', { pull: { ...FACTS.pull, commits: 251 } }],
    ['GitHub lists 1 of 1 commits, or not up to the head', { commits: [dependabotCommit('b'.repeat(40))] }],
    ['GitHub lists 2 of 3001 files', { pull: { ...FACTS.pull, changed_files: 3001 } }],
    ['GitHub lists 0 of 0 files', files()],
    ['it changes what runs on GitHub: ".github/actions/x/package.json"', files({ filename: '.github/actions/x/package.json' })],
    ['it changes what runs on GitHub: ".GitHub/dependabot.yml"', files({ filename: '.GitHub/dependabot.yml' })],
    ['it changes more than manifests and locks: "package.json"', files({ filename: 'package.json' })],
    ['it changes more than manifests and locks: "Cargo.toml/evil.rs"', files({ filename: 'Cargo.toml/evil.rs' })],
    [
      'it changes more than manifests and locks: "src/lib.rs"',
      files({ filename: 'Cargo.toml', status: 'renamed', previous_filename: 'src/lib.rs' }),
    ],
    ['it adds, removes or renames files: "Cargo.lock"', files({ filename: 'Cargo.lock', status: 'removed' })],
  ])('promise-1: is for a person: %s', (says, changed) => {
    const decision = decideUpdate({ ...FACTS, ...changed })
    expect(decision).toMatchObject({ kind: 'review', withdraw: true })
    expect(decision.reasons).toContain(says)
  })

  it.each<[string, Partial<UpdateFacts>]>([
    ['"serde" has an advisory ("GHSA-1")', about({ ghsaId: 'GHSA-1' })],
    ['"serde" has an advisory ("OPEN")', about({ alertState: 'OPEN' })],
    ['"serde" has an advisory ("severity 9.8")', about({ cvss: 9.8 })],
    ['"serde" is in the group "cargo-security"', about({ dependencyGroup: 'cargo-security' })],
    ['it has the label "security"', { pull: { ...FACTS.pull, labels: [{ name: 'security' }] } }],
    ['the title says that it is a security update', { pull: { ...FACTS.pull, title: '[Security] bump x' } }],
  ])('is for a person soon, however small it is: %s', (says, changed) => {
    const decision = decideUpdate({ ...FACTS, ...changed })
    expect(decision).toMatchObject({ kind: 'security', label: 'security', withdraw: true })
    expect(decision.reasons[0]).toBe(says)
  })

  it('says everything that speaks against it at once, and names no more than five of many', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ filename: `src/${index}.rs` }))
    expect(reasons({ ...files(...many), tests: 0, ...about({ updateType: 'x' }) })).toEqual([
      '"serde" is not known to move by a compatible patch version ("1.0.218" to "1.0.219")',
      'it changes more than manifests and locks: "src/0.rs", "src/1.rs", "src/2.rs", "src/3.rs", "src/4.rs" and 2 more',
      'the plan has no test for it',
    ])
  })

  it('is refused where it may merge but nothing would hold it back, and loses what a bot turned on', () => {
    expect(decideUpdate({ ...FACTS, rules: [] })).toMatchObject({ kind: 'refused', withdraw: true })
    const other = [{ type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'gate-2' }] } }]
    expect(decideUpdate({ ...FACTS, rules: other })).toMatchObject({ kind: 'refused' })
  })

  it("is left alone where it is not Dependabot's, or is closed", () => {
    const gone = { ...FACTS.pull, head: { sha: HEAD, repo: null } }
    expect(decideUpdate({ ...FACTS, pull: gone })).toMatchObject({
      kind: 'refused',
      reasons: ['the branch is of nobody known, not of octo/repo'],
      withdraw: false,
    })
    expect(decideUpdate({ ...FACTS, pull: { ...FACTS.pull, user: { ...DEPENDABOT, login: 'Dependabot' } } }).kind).toBe('refused')
    expect(decideUpdate({ ...FACTS, pull: { ...FACTS.pull, state: 'closed' } })).toMatchObject({
      kind: 'outdated',
      withdraw: false,
    })
  })
})
