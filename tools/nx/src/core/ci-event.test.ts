import { describe, expect, it } from 'vitest'
import { ciEvent, type CompareEvent, decideEventBase, type EventFacts } from './ci-event.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const ZERO = '0'.repeat(40)

const C = 'c'.repeat(40)
const REPOSITORY = { default_branch: 'main' }

function pullRequest(sha: unknown, more: object = {}, ref: unknown = 'main'): object {
  return { pull_request: { number: 7, base: { sha, ref }, head: { sha: B }, ...more }, repository: REPOSITORY }
}

const mergeGroup = (base_ref: unknown, head_sha: unknown = B): object => ({ merge_group: { base_sha: A, base_ref, head_sha } })
const ofPullRequest = { kind: 'compare', base: A, change: B, what: 'pull request #7' }
const ofQueue = { kind: 'compare', base: 'refs/heads/main', below: A, change: B, what: 'the merge queue' }
const push = { before: A, after: B, ref: 'refs/heads/main', repository: { full_name: 'octo/repo' } }
const ofPush = { kind: 'push', branch: 'main', change: B, repository: 'octo/repo' }

describe('ciEvent', () => {
  it.each([
    ['pull_request', pullRequest(A), ofPullRequest],
    [undefined, pullRequest(A), ofPullRequest],
    ['merge_group', mergeGroup('refs/heads/main'), ofQueue],
    [undefined, mergeGroup('refs/heads/main'), ofQueue],
    ['push', push, ofPush],
    [undefined, push, ofPush],
  ])('%s names what to compare', (name, payload, event) => {
    expect(ciEvent(name, payload)).toEqual(event)
  })

  it.each([
    [undefined, { ...push, ref: 'refs/tags/v1.0.0' }, 'a tag'],
    ['push', { ...push, after: ZERO, deleted: true }, 'deletes its branch'],
    ['schedule', { schedule: '0 2 * * *' }, 'a schedule'],
    [undefined, { schedule: '0 2 * * *' }, 'a schedule'],
    ['workflow_dispatch', { inputs: null, workflow: 'ci.yml' }, 'that a person starts'],
    [undefined, { inputs: null, workflow: 'ci.yml' }, 'that a person starts'],
    ['pull_request_target', pullRequest(A), 'says nothing about the pull request'],
    ['pull_request', pullRequest(A, {}, 'other'), 'for another branch than main'],
    ['issue_comment', { issue: { pull_request: {} } }, '"issue_comment"'],
    ['', pullRequest(A), '""'],
    ['constructor', {}, '"constructor"'],
  ])('%s with %j compares with nothing, so everything runs', (name, payload, reason) => {
    expect(ciEvent(name, payload)).toEqual({ kind: 'everything', cause: 'event', reason: expect.stringContaining(reason) })
  })

  it.each([{}, null, 'text'])('%j is of no event that is known, so everything runs', (payload) => {
    expect(ciEvent(undefined, payload)).toMatchObject({ kind: 'everything', cause: 'payload' })
  })

  it.each([
    [pullRequest(undefined), 'pull_request.base.sha'],
    [pullRequest(''), 'pull_request.base.sha'],
    [pullRequest(ZERO), 'pull_request.base.sha'],
    [pullRequest('main; rm -rf ~'), 'pull_request.base.sha'],
    [pullRequest('--upload-pack=x'), 'pull_request.base.sha'],
    [pullRequest(A, { number: 'seven' }), 'pull_request.number'],
    [pullRequest(A, { head: {} }), 'pull_request.head.sha'],
    [{ ...pullRequest(A), repository: undefined }, 'repository'],
    [{ pull_request: null }, 'pull_request'],
    [mergeGroup(undefined), 'merge_group.base_ref'],
    [mergeGroup('main'), 'merge_group.base_ref'],
    [mergeGroup('refs/heads/a..b'), 'merge_group.base_ref'],
    [mergeGroup('refs/heads/main:refs/heads/x'), 'merge_group.base_ref'],
    [mergeGroup('refs/heads/main', ZERO), 'merge_group.head_sha'],
    [{ merge_group: {} }, 'merge_group.base_ref'],
    [{ ...push, after: '$(id)' }, 'after'],
    [{ ...push, repository: null }, 'repository'],
    [{ ...push, ref: 'refs/heads/a"; rm -rf ~' }, 'ref'],
  ])('%j has no usable field, so everything runs and the field is named', (payload, field) => {
    expect(ciEvent(undefined, payload)).toEqual({
      kind: 'everything',
      cause: 'payload',
      reason: expect.stringContaining(`no usable ${field}`),
    })
  })
})

describe('decideEventBase', () => {
  const event: CompareEvent = { kind: 'compare', base: A, change: B, what: 'pull request #7' }
  const facts: EventFacts = {
    repository: true,
    shallow: false,
    head: B,
    base: A,
    mergeBase: A,
    onBranch: true,
    holdsChange: true,
  }

  it('compares with the common ancestor, and names it once', () => {
    expect(decideEventBase(event, facts)).toEqual({
      kind: 'commit',
      commit: A,
      head: undefined,
      reason: 'the base of pull request #7',
    })
    expect(decideEventBase(event, { ...facts, mergeBase: C })).toMatchObject({
      kind: 'commit',
      commit: C,
      reason: 'merge base with the base of pull request #7 (aaaaaaaaaaaa)',
    })
  })

  it.each([
    ['unreachable', { base: undefined, mergeBase: undefined }],
    ['nothing-since', { mergeBase: B }],
    ['not-checked-out', { holdsChange: false }],
    ['side-branch', { onBranch: false, mergeBase: C }],
    ['shallow', { mergeBase: undefined, shallow: true }],
    ['unrelated', { mergeBase: undefined }],
    ['no-repository', { repository: false, head: undefined, base: undefined, mergeBase: undefined }],
    ['no-commit', { head: undefined, mergeBase: undefined }],
  ] as const)('runs everything (%s) where it cannot', (cause, changed) => {
    expect(decideEventBase(event, { ...facts, ...changed })).toMatchObject({ kind: 'everything', cause })
  })
})
