import { describe, expect, it } from 'vitest'
import type { BaseFacts } from './base.ts'
import { ciEvent, decideEventBase } from './ci-event.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const ZERO = '0'.repeat(40)

const pullRequest = (sha: unknown, number: unknown = 7): object => ({ action: 'opened', pull_request: { number, base: { sha } } })

describe('ciEvent', () => {
  it.each([
    ['pull_request', pullRequest(A), { kind: 'compare', base: A, what: 'the base of pull request #7' }],
    [undefined, pullRequest(A), { kind: 'compare', base: A, what: 'the base of pull request #7' }],
    ['merge_group', { merge_group: { base_sha: B } }, { kind: 'compare', base: B, what: 'the base of the merge queue' }],
    [undefined, { merge_group: { base_sha: B } }, { kind: 'compare', base: B, what: 'the base of the merge queue' }],
  ])('%s names the commit to compare with', (name, payload, event) => {
    expect(ciEvent(name, payload)).toEqual(event)
  })

  it.each([
    ['push', { before: A, after: B, ref: 'refs/heads/main' }, 'which one was good'],
    [undefined, { before: A, after: B, ref: 'refs/tags/v1.0.0' }, 'which one was good'],
    ['schedule', { schedule: '0 2 * * *' }, 'a schedule'],
    [undefined, { schedule: '0 2 * * *' }, 'a schedule'],
    ['workflow_dispatch', { inputs: null, workflow: 'ci.yml' }, 'that a person starts'],
    [undefined, { inputs: null, workflow: 'ci.yml' }, 'that a person starts'],
    ['pull_request_target', pullRequest(A), 'says nothing about the pull request'],
    ['issue_comment', { issue: { pull_request: {} } }, '"issue_comment"'],
    ['', pullRequest(A), '""'],
    ['constructor', {}, '"constructor"'],
    [undefined, {}, 'no event'],
    [undefined, null, 'no event'],
    [undefined, 'text', 'no event'],
  ])('%s with %j compares with nothing, so everything runs', (name, payload, reason) => {
    expect(ciEvent(name, payload)).toEqual({ kind: 'everything', reason: expect.stringContaining(reason) })
  })

  it.each([
    [pullRequest(undefined), 'pull_request.base.sha'],
    [pullRequest(''), 'pull_request.base.sha'],
    [pullRequest(ZERO), 'pull_request.base.sha'],
    [pullRequest('main; rm -rf ~'), 'pull_request.base.sha'],
    [pullRequest('--upload-pack=x'), 'pull_request.base.sha'],
    [pullRequest(A, 'seven'), 'pull_request.number'],
    [{ pull_request: null }, 'pull_request'],
    [{ merge_group: { base_sha: ZERO } }, 'merge_group.base_sha'],
    [{ merge_group: {} }, 'merge_group.base_sha'],
  ])('%j has no usable field, so everything runs and the field is named', (payload, field) => {
    expect(ciEvent(undefined, payload)).toEqual({ kind: 'everything', reason: expect.stringContaining(`no usable ${field}`) })
  })
})

describe('decideEventBase', () => {
  const event = ciEvent(undefined, pullRequest(A))
  const facts: BaseFacts = {
    repository: true,
    shallow: false,
    head: B,
    clean: true,
    base: A,
    mergeBase: A,
    defaultBranch: undefined,
  }

  it('compares with the common ancestor', () => {
    expect(decideEventBase(event, facts)).toMatchObject({ kind: 'commit', commit: A, head: undefined })
    expect(decideEventBase(event, { ...facts, mergeBase: 'c'.repeat(40) })).toMatchObject({
      kind: 'commit',
      commit: 'c'.repeat(40),
      reason: expect.stringContaining('the base of pull request #7'),
    })
  })

  it.each([
    ['unreachable', { base: undefined, mergeBase: undefined }],
    ['nothing-since', { mergeBase: B }],
    ['nothing-since', { mergeBase: B, clean: false }],
    ['shallow', { mergeBase: undefined, shallow: true }],
    ['unrelated', { mergeBase: undefined }],
    ['no-repository', { repository: false, head: undefined, base: undefined, mergeBase: undefined }],
    ['no-commit', { head: undefined, mergeBase: undefined }],
  ] as const)('runs everything (%s) where it cannot', (cause, changed) => {
    expect(decideEventBase(event, { ...facts, ...changed })).toMatchObject({ kind: 'everything', cause })
  })

  it('runs everything for an event that compares with nothing, and says why', () => {
    expect(decideEventBase(ciEvent('schedule', {}), facts)).toEqual({
      kind: 'everything',
      cause: 'event',
      reason: 'a schedule compares with nothing',
    })
  })
})
