import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type VerbWorkspace, verbWorkspace } from '../testing/verb.ts'

const SAFE = `workspaces:
  acme:
    trusted: { main: main }
    issuers:
      - kind: github
        aud: https://cache.acme.dev
        pin: { repository_id: "123", repository_owner_id: "45" }
        rules:
          - id: main
            match: { event_name: push, ref: refs/heads/main, ref_protected: "true" }
            read: [trusted/main]
            write: trusted/main
`
let workspace: VerbWorkspace
beforeEach(() => {
  workspace = verbWorkspace()
})
afterEach(() => workspace.dispose())

describe('interlock cache policy lint', () => {
  it('finds nothing in a safe policy', () => {
    workspace.write('cache-policy.yaml', SAFE)
    expect(workspace.type(['cache', 'policy', 'lint'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^cache-policy\.yaml: safe; none of \d+ unsafe shapes\n$/),
      stderr: '',
    })
  })

  it('says place, reason and remedy of what is unsafe, with status 1', () => {
    workspace.write('own.yaml', SAFE.replace('event_name: push, ', '').replace(', ref_protected: "true"', ''))
    const { status, stdout, stderr } = workspace.type(['cache', 'policy', 'lint', 'own.yaml'])
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toMatchInlineSnapshot(`
      "own.yaml:12:13: it does not look at "event_name": jobs that run a stranger's code can have the ref of a trusted branch; write instead: event_name: one of push, repository_dispatch, schedule, workflow_dispatch [trusted-without-event]
      own.yaml:12:13: it does not ask for "ref_protected": everybody who can push could move an unprotected branch; write instead: ref_protected: "true" [trusted-without-protection]

      2 unsafe shapes: a server does not start with this policy
      "
    `)
  })

  it('says the same as one JSON document', () => {
    workspace.write('own.yaml', SAFE.replace('event_name: push, ', ''))
    const { status, stdout } = workspace.type(['cache', 'policy', 'lint', 'own.yaml', '--json'])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'own.yaml',
      findings: [{ id: 'trusted-without-event', place: 'own.yaml:12:13' }],
    })
  })

  it.each([
    ['own.yaml', 'workspaces: 1\n', 'CACHE_POLICY_INVALID'],
    ['own.yaml', '', 'the policy is empty'],
    ['own.yaml', '\u0000', 'CACHE_POLICY_INVALID'],
    ['missing.yaml', SAFE, 'ENOENT'],
    ['$(id)', SAFE, 'ENOENT'],
    ['.', SAFE, 'EISDIR'],
  ])('refuses %s with %j and status 2', (file, text, message) => {
    workspace.write('own.yaml', text)
    expect(workspace.type(['cache', 'policy', 'lint', file])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    })
  })

  it('prints the schema for editors', async () => {
    expect(JSON.parse((await workspace.run('cache policy lint', [], { schema: true })).prose)).toMatchObject({
      title: 'Policy of the Interlock cache',
    })
  })
})
