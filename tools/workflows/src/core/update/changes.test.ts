import { describe, expect, it } from 'vitest'
import { mergeableState } from '../../testing/update.ts'
import { type Change, changesFor, sentenceOf } from './changes.ts'
import type { Decision } from './decide.ts'
import type { PullRequest } from './facts.ts'

const PULL: PullRequest = { ...mergeableState().pull, commits: 1, changed_files: 1 }
const REVIEW: Decision = { kind: 'review', reasons: [], label: 'dependencies: minor', withdraw: true }
const MERGE: Decision = { kind: 'merge', reasons: [], label: undefined, withdraw: false }
const BOT = { enabled_by: { login: 'any[bot]', type: 'Bot' } }
const PERSON = { enabled_by: { login: 'octocat', type: 'User' } }

function changes(decision: Decision, changed: Partial<PullRequest> = {}, reviewers: readonly string[] = []): Change[] {
  return changesFor(decision, { ...PULL, ...changed }, { reviewers, method: 'squash' })
}

describe('the changes', () => {
  it('take an auto-merge back first, but never that of a person', () => {
    expect(changes(REVIEW, { auto_merge: BOT }).map(({ kind }) => kind)).toEqual(['disable-auto-merge', 'add-label'])
    expect(changes(REVIEW, { auto_merge: PERSON }).map(({ kind }) => kind)).toEqual(['add-label'])
    expect(changes({ ...MERGE, kind: 'refused', withdraw: true }, { auto_merge: BOT })).toEqual([{ kind: 'disable-auto-merge' }])
  })

  it('turn auto-merge on once, whoever turned it on', () => {
    expect(changes(MERGE)).toEqual([{ kind: 'enable-auto-merge', method: 'squash', head: PULL.head.sha }])
    expect([changes(MERGE, { auto_merge: BOT }), changes(MERGE, { auto_merge: PERSON })]).toEqual([[], []])
  })

  it('leave one label of ours, and every other', () => {
    const labels = ['dependencies: major', 'Dependencies: Minor', 'security', 'own'].map((name) => ({ name }))
    expect(changes(REVIEW, { labels })).toEqual([{ kind: 'remove-label', label: 'dependencies: major' }])
    expect(changes({ ...REVIEW, kind: 'security', label: 'security' }, { labels })).toEqual([
      { kind: 'remove-label', label: 'dependencies: major' },
      { kind: 'remove-label', label: 'Dependencies: Minor' },
    ])
  })

  it('ask whom nobody asked yet, and nobody where no person has to look', () => {
    const pull = {
      labels: [{ name: 'dependencies: minor' }],
      requested_reviewers: [{ login: 'OctoCat' }],
      requested_teams: [{ slug: 'a' }],
    }
    const reviewers = ['octocat', 'hubot', 'org/a', 'org/b']
    expect(changes(REVIEW, pull, reviewers)).toEqual([{ kind: 'request-review', users: ['hubot'], teams: ['b'] }])
    expect(changes(REVIEW, pull, ['octocat', 'org/a'])).toEqual([])
    expect(changes(MERGE, { auto_merge: BOT }, reviewers)).toEqual([])
  })

  it('are none for what is not decided here', () => {
    expect(changes({ kind: 'outdated', reasons: [], label: undefined, withdraw: false }, { auto_merge: BOT }, ['hubot'])).toEqual(
      [],
    )
    expect(changes({ kind: 'refused', reasons: [], label: undefined, withdraw: false }, { auto_merge: BOT }, ['hubot'])).toEqual(
      [],
    )
  })

  it('are sentences', () => {
    const all: Change[] = [
      { kind: 'request-review', users: ['a'], teams: ['b'] },
      { kind: 'remove-label', label: 'x' },
    ]
    expect(all.map(sentenceOf)).toEqual(['a review is asked of a, b', 'the label "x" is removed'])
  })
})
