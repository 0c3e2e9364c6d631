import { describe, expect, test } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { MAIN, PULL_A, tokenAuthority } from '../../testing/tokens.ts'
import { type Store, StoreFault } from '../store.ts'

const SECRET = 's3cr3t-token-of-main'
const HASH = '17263542817264543210'
const authority = tokenAuthority({ tokens: { [SECRET]: MAIN, a: PULL_A } })
const headers = { authorization: `Bearer ${SECRET}` }

test('it is healthy as long as it lives, and ready as long as the store takes writes', async () => {
  let isAway = false
  const store = (real: Store): Store => ({
    ...real,
    probe: async () => {
      if (isAway) throw new StoreFault('unavailable', 'away')
      return real.probe()
    },
  })
  await using server = await testServer({ authority, store })
  const statuses = async (): Promise<readonly number[]> =>
    Promise.all(['/healthz', '/readyz'].map(async (path) => (await fetch(server.url + path)).status))
  expect(await statuses()).toEqual([200, 200])
  isAway = true
  expect(await statuses()).toEqual([200, 503])
})

test('cache-42: neither a log line nor a metric nor the page holds a token, and no label a hash', async () => {
  await using server = await testServer({ authority })
  const at = `${server.url}/v1/cache/${HASH}`
  await fetch(at, { headers })
  await fetch(at, { method: 'PUT', body: 'x', headers })
  await fetch(at, { method: 'PUT', body: 'x', headers })
  await fetch(at, { headers })
  await fetch(at, { headers: { authorization: 'Bearer s3cr3t-but-forged' } })
  await fetch(`${server.url}/v1/token`, { method: 'POST', body: new URLSearchParams({ subject_token: 's3cr3t-of-an-issuer' }) })
  const texts = await Promise.all(['/metrics', '/', '/v1/status'].map(async (path) => (await fetch(server.url + path)).text()))
  await server.drain()
  for (const text of [...texts, ...server.logged]) {
    expect(text).not.toContain('s3cr3t')
    expect(text).not.toContain(HASH)
  }
  expect(texts[0]).toContain('cache_requests_total{tool="nx",op="get",result="hit",scope_class="trusted"} 1')
  expect(texts[0]).toContain('cache_requests_total{tool="nx",op="put",result="duplicate",scope_class="trusted"} 1')
  expect(texts[0]).toContain('cache_auth_denied_total{reason="unknown"} 1')
  expect(texts[0]).toContain('cache_jwks_age_seconds{issuer="https://issuer.example"} 1.5')
  expect(JSON.parse(texts[2] ?? '')).toMatchObject({ hits: 1, misses: 1, stored: 1, duplicates: 1, denials: 1 })
})

describe('paths and methods that nobody has', () => {
  test.each([
    ['GET', '/nothing', 404],
    ['GET', '/v1/cache', 404],
    ['GET', '/ns/acme', 404],
    ['GET', '/ns/..%2f/v1/cache/1', 404],
    ['GET', '/constructor', 404],
    ['GET', '/__proto__', 404],
    ['POST', '/healthz', 405],
    ['DELETE', '/v1/cache/1', 405],
    ['GET', '/v1/token', 405],
    ['GET', '/v8/artifacts', 405],
  ])('%s %s: %i', async (method, path, status) => {
    await using server = await testServer({ authority })
    expect((await fetch(server.url + path, { method, headers })).status).toBe(status)
  })
})

test('a grant for another workspace than that of the path is none', async () => {
  await using server = await testServer({ authority })
  expect((await fetch(`${server.url}/ns/other/v1/cache/1`, { headers })).status).toBe(401)
  expect((await fetch(`${server.url}/ns/acme/v1/cache/1`, { headers })).status).toBe(404)
  expect((await fetch(`${server.url}//ns//acme//v1//cache//1`, { headers })).status).toBe(404)
})
