import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestStore } from '../../testing/s3-harness.ts'
import { s3Missing, type S3Server, sectionOf, startS3Server } from '../../testing/s3-server.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { MAIN, PULL_A, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({
  tokens: { main: { ...MAIN, writer: { issuer: 'github', run: '1' } }, a: PULL_A, admin: { admin: true } },
})

describe.skipIf(s3Missing !== undefined)('two servers on one bucket', () => {
  let s3: S3Server
  beforeAll(async () => {
    s3 = await startS3Server()
  })
  afterAll(async () => s3.stop())

  test('what was written through one is read, hidden and purged through the other', async () => {
    const section = sectionOf(await s3.bucket(), s3.endpoint, {})
    const replica = async (): Promise<TestServer> => testServer({ authority, open: async () => openTestStore(s3, { section }) })
    await using one = await replica()
    await using two = await replica()
    expect(await statuses([put(one, 'main', 'h', 'bytes'), put(two, 'main', 'h', 'bytes')])).toEqual([200, 409])
    expect(await (await get(two, 'h')).text()).toBe('bytes')

    await admin(one, 'quarantine', { hash: 'h', dryRun: false })
    expect([(await get(one, 'h')).status, (await get(two, 'h')).status]).toEqual([404, 404])
    await admin(two, 'quarantine', { hash: 'h', release: true, dryRun: false })
    expect((await get(one, 'h')).status).toBe(200)

    await admin(one, 'purge', { run: '1', block: true, dryRun: false })
    expect([(await get(one, 'h')).status, (await get(two, 'h')).status]).toEqual([404, 404])
    expect(await statuses([put(two, 'a', 'other', 'bytes'), put(two, 'main', 'h', 'clean')])).toEqual([200, 403])
  })

  test('a bucket that cannot be reached stops a server at its start', async () => {
    const section = sectionOf(await s3.bucket(), s3.endpoint, {})
    const away = { ...section, endpoint: 'http://127.0.0.1:9' }
    await expect(openTestStore(s3, { section: away })).rejects.toThrow(/CACHE_STORE_UNFIT|CACHE_UNREACHABLE/u)
  })
})

async function statuses(answers: readonly Promise<Response>[]): Promise<readonly number[]> {
  return (await Promise.all(answers)).map(({ status }) => status).sort((a, b) => a - b)
}

async function put({ url }: TestServer, token: string, hash: string, body: string): Promise<Response> {
  return fetch(`${url}/v1/cache/${hash}`, { method: 'PUT', body, headers: { authorization: `Bearer ${token}` } })
}

async function get({ url }: TestServer, hash: string): Promise<Response> {
  return fetch(`${url}/v1/cache/${hash}`, { headers: { authorization: 'Bearer main' } })
}

async function admin({ url }: TestServer, kind: string, selection: object): Promise<void> {
  const headers = { authorization: 'Bearer admin' }
  const answer = await fetch(`${url}/v1/admin/${kind}`, { method: 'POST', body: JSON.stringify(selection), headers })
  expect(await answer.json()).toMatchObject({ changed: 1 })
}
