import { expect, test } from 'vitest'
import { nxClient } from '../../testing/nx-client.ts'
import { testServer } from '../../testing/server.ts'
import { MAIN, PULL_A, PULL_B, tokenAuthority } from '../../testing/tokens.ts'

const QUEUE = { read: ['trusted/main'], write: 'queue/q' }
const authority = tokenAuthority({ tokens: { main: MAIN, a: PULL_A, b: PULL_B, queue: QUEUE }, expired: ['old'] })
const HIT = /\[remote cache\]/u

test('cache-01: what a pull request wrote is not there for main, which builds for itself', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'a' })).toMatchObject({ status: 0 })
  const main = await client.run({ url: server.url, token: 'main' })
  expect(main).toMatchObject({ status: 0, stdout: expect.not.stringMatching(HIT) })
  expect(scopes(server.audited)).toEqual(['pr/a', 'trusted/main'])
})

test('cache-02: what main wrote is there for a pull request', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'main' })).toMatchObject({ status: 0 })
  expect(await client.run({ url: server.url, token: 'a' })).toMatchObject({ status: 0, stdout: expect.stringMatching(HIT) })
  expect(scopes(server.audited)).toEqual(['trusted/main'])
})

test('cache-03: what one pull request wrote is not there for another, and each keeps its own', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'a' })).toMatchObject({ status: 0 })
  expect(await client.run({ url: server.url, token: 'b' })).toMatchObject({ status: 0, stdout: expect.not.stringMatching(HIT) })
  expect(await client.run({ url: server.url, token: 'a' })).toMatchObject({ status: 0, stdout: expect.stringMatching(HIT) })
  expect(scopes(server.audited)).toEqual(['pr/a', 'pr/b'])
})

test('cache-05: a merge queue finds nothing that a pull request wrote', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'a' })).toMatchObject({ status: 0 })
  expect(await client.run({ url: server.url, token: 'queue' })).toMatchObject({
    status: 0,
    stdout: expect.not.stringMatching(HIT),
  })
  expect(scopes(server.audited)).toEqual(['pr/a', 'queue/q'])
})

test('cache-12: a token that became too old costs the cache, and not the run', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient({ projects: 2 })
  expect(await client.run({ url: server.url, token: 'old' })).toMatchObject({ status: 0 })
  expect(await client.workspace.read('dist/p2/out.txt')).toBe('made p2\n')
  expect(scopes(server.audited)).toEqual([])
})

test('a trusted entry comes before the one that a pull request wrote itself', async () => {
  await using server = await testServer({ authority })
  const put = async (token: string, body: string): Promise<number> =>
    (await fetch(`${server.url}/v1/cache/1`, { method: 'PUT', body, headers: { authorization: `Bearer ${token}` } })).status
  expect([await put('a', 'mine'), await put('main', 'trusted')]).toEqual([200, 200])
  const got = await fetch(`${server.url}/v1/cache/1`, { headers: { authorization: 'Bearer a' } })
  expect([await got.text(), got.headers.get('x-artifact-scope')]).toEqual(['trusted', 'trusted/main'])
})

test('whether another scope holds a hash cannot be learned by writing it', async () => {
  await using server = await testServer({ authority })
  const put = async (token: string): Promise<number> =>
    (await fetch(`${server.url}/v1/cache/1`, { method: 'PUT', body: 'x', headers: { authorization: `Bearer ${token}` } })).status
  expect([await put('main'), await put('a'), await put('b'), await put('a')]).toEqual([200, 200, 200, 409])
})

function scopes(audited: readonly { readonly kind: string; readonly detail: Readonly<Record<string, unknown>> }[]): unknown[] {
  return audited.filter(({ kind }) => kind === 'put').map(({ detail }) => detail['scope'])
}
