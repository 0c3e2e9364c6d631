import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TokenAnswer } from '@interlock/cache/wire'
import { testAuthority } from '../../testing/authority.ts'
import { nxClient } from '../../testing/nx-client.ts'
import { startTestIssuer, type TestIssuer } from '../../testing/issuer.ts'
import { githubPolicy } from '../../testing/policy.ts'
import { testServer, type TestServer } from '../../testing/server.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const TYPE = 'urn:ietf:params:oauth:token-type:id_token'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await startTestIssuer()
})
afterAll(async () => issuer.close())

test('cache-12: a job exchanges its identity, uses the cache, and goes on without it once its session is too old', async () => {
  const authority = testAuthority(githubPolicy(issuer.url))
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  const { access_token: token, ...granted } = await exchanged(server, await issuer.github())
  expect(granted).toEqual({
    token_type: 'Bearer',
    issued_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    expires_in: 3600,
    workspace: 'acme',
    read: ['trusted/main'],
    write: 'trusted/main',
    rule: 'main',
  })
  expect(await client.run({ url: server.url, token })).toMatchObject({ status: 0 })
  expect(await client.run({ url: server.url, token })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('[remote cache]'),
  })
  expect(server.audited).toMatchObject([{ kind: 'put', detail: { rule: 'main', run: '4711', actor: '12', inspected: true } }])
  authority.pass(2 * 3_600_000)
  const late = await fetch(`${server.url}/v1/cache/1`, { headers: { authorization: `Bearer ${token}` } })
  expect([late.status, late.headers.get('x-cache-reason')]).toEqual([404, 'expired'])
  expect(await client.run({ url: server.url, token })).toMatchObject({
    status: 0,
    stdout: expect.not.stringContaining('[remote cache]'),
  })
})

test('cache-11: an identity is exchanged once', async () => {
  await using server = await testServer({ authority: testAuthority(githubPolicy(issuer.url)) })
  const subject = await issuer.github()
  expect((await ask(server, { grant_type: GRANT, subject_token: subject, subject_token_type: TYPE })).status).toBe(200)
  const again = await ask(server, { grant_type: GRANT, subject_token: subject, subject_token_type: TYPE })
  expect([again.status, await again.json()]).toEqual([
    401,
    { error: 'invalid_grant', error_description: expect.stringContaining('used before') },
  ])
})

test('cache-07: the identity of another repository is told that it is denied, and nothing else', async () => {
  await using server = await testServer({ authority: testAuthority(githubPolicy(issuer.url)) })
  const subject = await issuer.github({ repository_id: '999' })
  const answer = await ask(server, { grant_type: GRANT, subject_token: subject, subject_token_type: TYPE })
  expect([answer.status, await answer.json()]).toEqual([403, { error: 'access_denied', error_description: expect.any(String) }])
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('cache_auth_denied_total{reason="forbidden"} 1')
})

describe('a request that is none', () => {
  test.each([
    [{}, 'unsupported_grant_type'],
    [{ grant_type: 'password', subject_token: 'x', subject_token_type: TYPE }, 'unsupported_grant_type'],
    [{ grant_type: GRANT }, 'invalid_request'],
    [{ grant_type: GRANT, subject_token: '', subject_token_type: TYPE }, 'invalid_request'],
    [{ grant_type: GRANT, subject_token: 'x', subject_token_type: 'saml' }, 'invalid_request'],
    [{ grant_type: GRANT, subject_token: 'x'.repeat(100_000), subject_token_type: TYPE }, 'unsupported_grant_type'],
  ])('%j is %s', async (form, error) => {
    await using server = await testServer({ authority: testAuthority(githubPolicy(issuer.url)) })
    const answer = await ask(server, form)
    expect([answer.status, await answer.json()]).toEqual([400, { error, error_description: expect.any(String) }])
  })

  test('with a token that is none is unauthorized', async () => {
    await using server = await testServer({ authority: testAuthority(githubPolicy(issuer.url)) })
    expect((await ask(server, { grant_type: GRANT, subject_token: 'a.b.c', subject_token_type: TYPE })).status).toBe(401)
  })
})

async function exchanged(server: TestServer, subject: string): Promise<TokenAnswer> {
  const answer = await ask(server, { grant_type: GRANT, subject_token: subject, subject_token_type: TYPE })
  expect(answer.status).toBe(200)
  return (await answer.json()) as TokenAnswer
}

async function ask({ url }: TestServer, form: Readonly<Record<string, string | undefined>>): Promise<Response> {
  return fetch(`${url}/v1/token`, { method: 'POST', body: new URLSearchParams(form as Record<string, string>) })
}
