import { expect, test } from 'vitest'
import { nxClient } from '../../testing/nx-client.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { MAIN, READER, tokenAuthority } from '../../testing/tokens.ts'
import { type Store, StoreFault } from '../store.ts'

/** What the table of the wire contract says of the statuses that this server uses, asked of the real Nx. */
const authority = tokenAuthority({ tokens: { main: MAIN, reader: READER }, expired: ['old'] })

test('200 to PUT: one upload, and the run is green', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'main' })).toMatchObject({ status: 0 })
  expect(await puts(server)).toEqual({ stored: 1 })
})

test('403 to PUT: one upload, silently dropped, and the run is green', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'reader' })).toMatchObject({ status: 0 })
  expect(await puts(server)).toEqual({ denied: 1 })
})

test('409 to PUT: one upload, silently dropped, and the run is green', async () => {
  // Nobody finds it, as if it was written between the question and the upload.
  await using server = await testServer({
    authority,
    isGuarded: true,
    store: (store) => ({ ...store, read: async () => undefined }),
  })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'main' })).toMatchObject({ status: 0 })
  expect(await client.run({ url: server.url, token: 'main' })).toMatchObject({ status: 0 })
  expect(await puts(server)).toEqual({ stored: 1, duplicate: 1 })
})

test('500 to PUT is tried again, so a store that was away for a moment costs nothing', async () => {
  let faults = 2
  const flaky = (store: Store): Store => ({
    ...store,
    stage: async (size) => {
      faults -= 1
      if (faults >= 0) throw new StoreFault('unavailable', 'away')
      return store.stage(size)
    },
  })
  await using server = await testServer({ authority, isGuarded: true, store: flaky })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token: 'main' })).toMatchObject({ status: 0 })
  expect(await puts(server)).toEqual({ fault: 2, stored: 1 })
})

test.each([
  ['a store that does not answer', 'main', { store: (store: Store): Store => ({ ...store, find: away }) }],
  ['a server that takes nothing', 'main', { readOnly: true }],
  ['cache-26: a disk that is full', 'main', { store: (store: Store): Store => ({ ...store, stage: full }) }],
  ['a limit that every artifact exceeds', 'main', { limits: { artifact: 1 } }],
  ['a token that is too old', 'old', {}],
])('%s is a miss to Nx, or a dropped upload, and the run is green', async (_, token, options) => {
  await using server = await testServer({ authority, isGuarded: true, ...options })
  await using client = await nxClient()
  expect(await client.run({ url: server.url, token })).toMatchObject({ status: 0 })
  expect(await client.workspace.read('dist/p1/out.txt')).toBe('made p1\n')
})

test('401 to GET: a forged token fails the run loudly, and Nx says what it is', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  const ran = await client.run({ url: server.url, token: 'forged' })
  expect(ran).toMatchObject({ status: 1 })
  expect('stderr' in ran ? ran.stdout + ran.stderr : '').toMatch(/unauthori[sz]ed|401|token is not known/iu)
})

test.each(['GET', 'PUT', 'HEAD'])('a refused %s is text/plain without anything behind it', async (method) => {
  await using server = await testServer({ authority })
  const answer = await fetch(`${server.url}/v1/cache/1`, {
    method,
    headers: { authorization: 'Bearer forged' },
    ...(method === 'PUT' ? { body: 'x' } : {}),
  })
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-cache-reason')]).toEqual([
    401,
    'text/plain',
    'unknown-token',
  ])
})

test('a base path with the name of the workspace works, with a slash at its end too', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient()
  expect(await client.run({ url: `${server.url}/ns/acme`, token: 'main' })).toMatchObject({ status: 0 })
  const again = await client.run({ url: `${server.url}/ns/acme/`, token: 'main' })
  expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('[remote cache]') })
})

async function away(): Promise<never> {
  throw new StoreFault('unavailable', 'away')
}

async function full(): Promise<never> {
  throw new StoreFault('full', 'the disk is full')
}

/** How many uploads came, by their end. */
async function puts({ url }: TestServer): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = text.matchAll(/^cache_requests_total\{tool="nx",op="put",result="(\w+)"[^}]*\} (\d+)$/gmu)
  return Object.fromEntries([...found].map(([, result = '', count]) => [result, Number(count)]))
}
