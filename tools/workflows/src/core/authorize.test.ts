import { describe, expect, it } from 'vitest'
import { authorize } from './authorize.ts'

const HEAD = 'a'.repeat(40)
const labeled = {
  action: 'labeled',
  label: { name: 'gpu' },
  pull_request: {
    number: 7,
    head: { sha: HEAD, repo: { full_name: 'us/proxy' } },
    base: { repo: { full_name: 'us/proxy' } },
  },
}
const ofLabel = (change: object): unknown => ({ ...labeled, ...change })
const ofHead = (head: object | null): unknown => ofLabel({ pull_request: { ...labeled.pull_request, head } })

describe('a commit is authorized', () => {
  it.each([
    ['pull_request', labeled, 'pull request 7'],
    ['pull_request', ofHead({ sha: HEAD, repo: { full_name: 'them/proxy' } }), 'pull request 7, from the fork them/proxy'],
    ['push', { ref: 'refs/heads/pull-request/7', after: HEAD }, 'the mirror refs/heads/pull-request/7'],
    ['workflow_dispatch', {}, 'a run that a person started'],
  ])('by %s', (event, payload, what) => {
    expect(authorize({ event, payload, sha: HEAD })).toEqual({ kind: 'authorized', sha: HEAD, what })
  })
})

describe('nothing is authorized', () => {
  it.each([
    ['pull_request', ofLabel({ action: 'synchronize' }), 'action'],
    ['pull_request', ofLabel({ label: { name: 'docs' } }), 'label.name'],
    ['pull_request', ofHead({ sha: HEAD, repo: null }), 'pull_request.head.repo'],
    ['pull_request', ofHead({ sha: '$(id)', repo: { full_name: 'us/proxy' } }), 'pull_request.head.sha: is no commit'],
    ['pull_request', null, '(all)'],
    ['push', { ref: 'refs/heads/main', after: HEAD }, 'ref'],
    ['push', { ref: 'refs/heads/pull-request/7-mine', after: HEAD }, 'ref'],
    ['push', { ref: 'refs/heads/mine/refs/heads/pull-request/7', after: HEAD }, 'ref'],
    ['push', { ref: 'refs/heads/pull-request/7', after: '0'.repeat(40) }, 'after: is no commit'],
    ['pull_request_target', labeled, 'the event "pull_request_target" runs nothing on a machine of the owner'],
    ['schedule', {}, 'the event "schedule" runs nothing'],
  ])('by %s with %j', (event, payload, reason) => {
    const verdict = authorize({ event, payload, sha: HEAD })
    expect(verdict.kind === 'refused' && verdict.reason).toContain(reason)
  })

  it('by a run on no commit', () => {
    expect(authorize({ event: 'workflow_dispatch', payload: {}, sha: '' }).kind).toBe('refused')
  })
})
