import { readFileSync } from 'node:fs'
import { DEPENDABOT, dependabotCommit, type FakeState } from './fake-github.ts'

/** What `toJSON(steps.….outputs)` gives for a group of two patch versions: captured from dependabot/fetch-metadata 3.1.0. */
export const CAPTURED: string = readFileSync(new URL('fixtures/fetch-metadata-3.1.0.json', import.meta.url), 'utf8')

type Fields = Readonly<Record<string, unknown>>

/** The captured outputs, with some fields of each dependency as a test wants them. */
export function outputsWith(...changed: readonly Fields[]): string {
  const outputs = JSON.parse(CAPTURED) as Record<string, string>
  const dependencies = JSON.parse(outputs['updated-dependencies-json'] ?? '') as readonly Fields[]
  const wanted = dependencies.map((dependency, index) => ({ ...dependency, ...changed[index] }))
  return JSON.stringify({ ...outputs, 'updated-dependencies-json': JSON.stringify(wanted) })
}

export const HEAD: string = 'a'.repeat(40)
export const REPOSITORY = 'octo/repo'

/** A pull request of Dependabot that may merge, and the repository around it. */
export function mergeableState(): FakeState {
  return {
    settings: { allow_auto_merge: true, allow_squash_merge: true, allow_merge_commit: true, allow_rebase_merge: false },
    pull: {
      number: 7,
      node_id: 'PR_node7',
      state: 'open',
      draft: false,
      title: 'Bump the cargo-patch group with 2 updates',
      user: DEPENDABOT,
      head: { sha: HEAD, repo: { full_name: REPOSITORY } },
      base: { ref: 'main', repo: { full_name: REPOSITORY } },
      labels: [{ name: 'dependencies' }],
      requested_reviewers: [],
      requested_teams: [],
      auto_merge: null,
    },
    files: [
      { filename: 'Cargo.lock', status: 'modified' },
      { filename: 'libs/he/Cargo.toml', status: 'modified' },
    ],
    commits: [dependabotCommit(HEAD)],
    rules: [
      { type: 'deletion' },
      { type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'gate', integration_id: 15_368 }] } },
    ],
    checkRuns: [],
    collaborators: ['octocat', 'hubot'],
    knownLabels: undefined,
    isReady: false,
  }
}
