import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { tokenHash } from '../core/tokens.ts'
import { testAuthority } from '../testing/authority.ts'
import { GITHUB_PULL_REQUEST, startTestIssuer, TEST_AUDIENCE, type TestIssuer } from '../testing/issuer.ts'
import { githubPolicy } from '../testing/policy.ts'
import { type VerbWorkspace, verbWorkspace } from '../testing/verb.ts'

const STATIC = `interlock_read_${'r'.repeat(43)}`
let workspace: VerbWorkspace
let issuer: TestIssuer
beforeEach(async () => {
  workspace = verbWorkspace()
  issuer = await startTestIssuer()
  workspace.write(
    'cache-policy.yaml',
    stringify(githubPolicy(issuer.url, { tokens: [{ name: 'laptops', hash: tokenHash(STATIC) }] })),
  )
})
afterEach(async () => {
  workspace.dispose()
  await issuer.close()
})

const claims = (more: object): string => JSON.stringify({ iss: issuer.url, aud: TEST_AUDIENCE, ...GITHUB_PULL_REQUEST, ...more })

describe('interlock cache explain', () => {
  it('says in words which rule matched, and what it grants', async () => {
    workspace.write('claims.json', claims({}))
    const { status, prose, data } = await workspace.run('cache explain', ['claims.json'])
    expect(prose).toMatchInlineSnapshot(`
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
          writes pr/github.refs~2fpull~2f5~2fmerge
      signature and times were not looked at: --verify does"
    `)
    expect(status).toBe(0)
    expect(data).toMatchObject({ grant: { rule: 'pull-request' }, reason: null })
  })

  it('says for a denial which claim of each rule did not match, with status 1', async () => {
    workspace.write('claims.json', claims({ event_name: 'pull_request_target', ref: 'refs/heads/main' }))
    const { status, prose, data } = await workspace.run('cache explain', ['claims.json'])
    expect(status).toBe(1)
    expect(prose).toContain(
      'rule main: does not match\n    event_name is "pull_request_target"; it has to be "push", "schedule" or',
    )
    expect(data).toMatchObject({ grant: null, reason: 'no rule of workspace "acme" matches' })
  })

  it('says what is wrong with a token of another issuer and audience', async () => {
    workspace.write('claims.json', claims({ iss: 'https://elsewhere.test', aud: 'x' }))
    const { status, prose } = await workspace.run('cache explain', ['claims.json'])
    expect(status).toBe(1)
    expect(prose.replaceAll(issuer.url, 'ISSUER')).toMatchInlineSnapshot(`
      "workspace acme, issuer github: not its token
        iss is "https://elsewhere.test"; it has to be "ISSUER"
        aud is "x"; it has to be "https://cache.test"
      signature and times were not looked at: --verify does"
    `)
  })

  it('reads a token from a file and from the input', async () => {
    const token = await issuer.github()
    workspace.write('token.txt', `${token}\n`)
    expect((await workspace.run('cache explain', ['token.txt'])).data).toMatchObject({
      grant: { write: 'trusted/main' },
      warning: null,
    })
    const typed = workspace.type(['cache', 'explain', '-', '--json'], token)
    expect(typed).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(typed.stdout)).toMatchObject({ grant: { write: 'trusted/main' }, warning: null })
    expect(typed.stdout).not.toContain(token.slice(-30))
  })

  it('takes a token that was typed, and warns that others can see it', async () => {
    const { status, prose } = await workspace.run('cache explain', [await issuer.github()])
    expect(status).toBe(0)
    expect(prose).toContain('warning: every process of the machine can read a token that is typed')
  })

  it('asks the issuer when told to', async () => {
    const token = await issuer.github()
    workspace.write('token.txt', token)
    expect((await workspace.run('cache explain', ['token.txt'], { verify: true })).prose).toContain('signature and times hold')
    workspace.write('token.txt', `${token.slice(0, -6)}AAAAAA`)
    expect(await workspace.run('cache explain', ['token.txt'], { verify: true })).toMatchObject({
      status: 1,
      prose: expect.stringContaining('the token is refused: its signature is wrong'),
    })
    workspace.write('token.txt', claims({}))
    expect((await workspace.run('cache explain', ['token.txt'], { verify: true })).status).toBe(1)
  })

  it('explains the tokens of the cache itself', async () => {
    workspace.write('token.txt', STATIC)
    expect((await workspace.run('cache explain', ['token.txt'])).prose).toContain(
      'granted by rule token:laptops\n    reads  trusted/main, then trusted/next',
    )
    const exchange = await testAuthority(githubPolicy(issuer.url)).exchange(await issuer.github())
    workspace.write('token.txt', exchange.kind === 'granted' ? exchange.token : '')
    expect((await workspace.run('cache explain', ['token.txt'])).prose).toContain('a session token of workspace acme')
    workspace.write('token.txt', `interlock_read_${'x'.repeat(43)}`)
    expect(await workspace.run('cache explain', ['token.txt'])).toMatchObject({
      status: 1,
      prose: expect.stringContaining('no workspace knows'),
    })
  })

  it('says that a policy is unsafe', async () => {
    const unsafe = stringify(githubPolicy(issuer.url)).replace('repository_id: "123456"', 'ref_type: branch')
    workspace.write('own.yaml', unsafe)
    workspace.write('claims.json', claims({}))
    expect(await workspace.run('cache explain', ['claims.json'], { policy: 'own.yaml' })).toMatchObject({
      status: 1,
      prose: expect.stringContaining('the policy is unsafe'),
    })
  })

  it.each([
    ['', 'there is nothing in it'],
    ['x'.repeat(70_000), 'it is longer than'],
    ['[]', 'neither a token nor claims'],
    ['{"a":', 'neither a token nor claims'],
    ['null', 'neither a token nor claims'],
    ['eyJ.eyJ.x', 'neither a token nor claims'],
  ])('refuses %j with status 2, and quotes none of it', async (text, message) => {
    workspace.write('claims.json', text)
    await expect(workspace.run('cache explain', ['claims.json'])).rejects.toMatchObject({
      exitStatus: 2,
      message: expect.stringContaining(message),
    })
  })

  it.each(['missing.json', '../../etc', '$(id)'])('says that %s is not there', async (file) => {
    await expect(workspace.run('cache explain', [file])).rejects.toMatchObject({ code: 'USAGE', file })
  })
})
