import { randomBytes } from 'node:crypto'
import { chmodSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import type { CacheSection } from './core/section.ts'
import { archive, createLocalShield, type LocalShield, testSettings } from './testing/local-shield.ts'
import { createTestCache, type TestCache } from './testing/test-cache.ts'
import { HEADERS } from './wire.ts'

let cache: TestCache
const open: LocalShield[] = []

beforeEach(async () => {
  cache = await createTestCache()
})
afterEach(async () => {
  for (const shield of open.splice(0)) await shield.dispose()
  await cache.dispose()
})

async function shieldFor(section: Partial<CacheSection> = {}, env: Record<string, string> = {}): Promise<LocalShield> {
  const shield = await createLocalShield(testSettings({ ...section, url: cache.url }, env))
  open.push(shield)
  return shield
}

const SMALL = archive('small')
const LARGE = archive(randomBytes(3 * 1024 * 1024))
const limits = { artifactMiB: 512, spoolMiB: 1024, flushSeconds: 10 }

const flushed = async ({ shield, run }: LocalShield, milliseconds = 5000) => shield.flush({ run: run.id, milliseconds })

test.each([
  ['small', SMALL],
  ['large', LARGE],
])('a %s artifact reaches the cache with its digest, and leaves nothing here', async (_, bytes) => {
  const local = await shieldFor()
  expect((await local.put('h', bytes)).status).toBe(200)
  expect(await flushed(local)).toEqual({ done: 1, bytes: bytes.length, duplicate: 0, dropped: {}, waiting: 0 })
  expect(cache.store.get('h')?.equals(bytes)).toBe(true)
  expect(cache.requests[0]?.headers).toMatchObject({ authorization: 'Bearer token', [HEADERS.strict]: '1' })
  expect(cache.requests[0]?.headers[HEADERS.digest]).toMatch(/^[\da-f]{64}$/)
  await expect.poll(() => readdirSync(local.folder)).toEqual([])
})

test('Nx does not wait for the cache: an upload that hangs is left at the bound and reported', async () => {
  cache.behave = (request) => (request.resume(), true)
  const local = await shieldFor()
  expect((await local.put('h', SMALL)).status).toBe(200)
  expect(await flushed(local, 50)).toMatchObject({ done: 0, waiting: 1 })
})

test('what waits lies in a file that nobody else may read', async () => {
  cache.behave = (request) => (request.resume(), true)
  const local = await shieldFor()
  await local.put('h', LARGE)
  const modes = readdirSync(local.folder).map((name) => statSync(join(local.folder, name)).mode & 0o777)
  expect(modes).toEqual([0o600])
})

/** What a cache answers an upload with, how often it is tried, and what the summary says. */
const ANSWERS: readonly (readonly [string, number, Record<string, string>, number, object])[] = [
  ['201', 201, {}, 1, { done: 1, dropped: {} }],
  ['202', 202, {}, 1, { done: 1, dropped: {} }],
  ['409', 409, {}, 1, { done: 0, duplicate: 1, dropped: {} }],
  ['400', 400, {}, 1, { dropped: { 'status 400': 1 } }],
  ['413', 413, { [HEADERS.reason]: 'too-large' }, 1, { dropped: { 'too-large': 1 } }],
  ['403 for want of room', 403, { [HEADERS.reason]: 'no-space' }, 1, { dropped: { 'no-space': 1 } }],
  ['403', 403, {}, 1, { dropped: { 'read-only': 1 } }],
  ['404', 404, {}, 1, { dropped: { 'the address answers, and is no cache: status 404 to an upload': 1 } }],
  ['401', 401, {}, 1, { dropped: { 'the cache does not know the token': 1 } }],
  ['500', 500, {}, 3, { dropped: { 'server error': 1 } }],
  ['429', 429, {}, 3, { dropped: { overloaded: 1 } }],
]

it.each(ANSWERS)('cache-28 an upload that is answered with %s is 200 for Nx', async (_, status, headers, attempts, counts) => {
  cache.behave = (request, response) => {
    request.resume()
    request.once('end', () => response.writeHead(status, headers).end())
    return true
  }
  const local = await shieldFor()
  const response = await local.put('h', SMALL)
  expect(response.status).toBe(200)
  expect(await flushed(local)).toMatchObject({ waiting: 0, ...counts })
  expect(cache.requests).toHaveLength(attempts)
})

test('an upload that a fault met once is there after the second attempt', async () => {
  let faults = 0
  cache.behave = (request) => {
    if (faults > 0) return false
    faults += 1
    request.socket.resetAndDestroy()
    return true
  }
  const local = await shieldFor()
  await local.put('h', SMALL)
  expect(await flushed(local)).toMatchObject({ done: 1, dropped: {} })
})

test('after one refusal of a reader nothing more is even taken', async () => {
  cache.behave = (request, response) => (request.resume(), response.writeHead(403).end(), true)
  const local = await shieldFor()
  await local.put('a', SMALL)
  await flushed(local)
  for (const hash of ['b', 'c']) expect((await local.put(hash, SMALL)).status).toBe(200)
  expect(cache.requests).toHaveLength(1)
  expect(local.run.tally()).toMatchObject({ accepted: 1, dropped: { 'read-only': 2 } })
})

describe('what is not taken is 200 for Nx as well', () => {
  it.each([
    ['without a token', {}, { INTERLOCK_CACHE_TOKEN: '' }, SMALL, 'no token'],
    ['with uploads off', { uploads: false }, {}, SMALL, 'uploads are off'],
    ['an artifact beyond the limit', { limits: { ...limits, artifactMiB: 1 } }, {}, LARGE, 'too large'],
    [
      'one that finds no room beside those that wait',
      { limits: { ...limits, spoolMiB: 1 } },
      {},
      LARGE,
      'too many uploads waiting',
    ],
  ])('%s', async (_, section: Partial<CacheSection>, env: Record<string, string>, bytes, reason) => {
    const local = await shieldFor(section, env)
    expect((await local.put('h', bytes)).status).toBe(200)
    expect(local.run.tally().dropped).toEqual({ [reason]: 1 })
    expect(cache.requests.filter(({ method }) => method === 'PUT')).toEqual([])
    expect(readdirSync(local.folder)).toEqual([])
  })

  it.skipIf(process.getuid?.() === 0)('one that the folder cannot hold', async () => {
    const local = await shieldFor()
    chmodSync(local.folder, 0o500)
    expect((await local.put('h', LARGE)).status).toBe(200)
    expect(local.run.tally().dropped).toEqual({ 'disk failed': 1 })
  })
})

describe('sessions', () => {
  const ID = { INTERLOCK_CACHE_TOKEN: '', INTERLOCK_CACHE_ID_TOKEN: 'identity' }

  it('cache-12 a token that expired in the middle of a run is exchanged again, and the question is asked again', async () => {
    cache.store.set('h', SMALL)
    const local = await shieldFor({}, ID)
    expect((await local.get('h')).status).toBe(200)
    const [first] = cache.tokens
    cache.behave = (request, response) => {
      if (request.headers.authorization !== `Bearer ${first}`) return false
      request.resume()
      response.writeHead(request.method === 'GET' ? 404 : 403, { [HEADERS.reason]: 'expired' }).end()
      return true
    }
    expect((await local.get('h')).status).toBe(200)
    await local.put('new', SMALL)
    expect(await flushed(local)).toMatchObject({ done: 1, dropped: {} })
    expect(cache.tokens.size).toBe(2)
    expect(local.run.tally()).toMatchObject({ hits: 2, misses: 0, faults: {}, denied: undefined })
  })

  it('asks GitHub for an identity token with the audience, and shows it nowhere else', async () => {
    const bodies: string[] = []
    cache.behave = (request, response) => {
      if (request.url?.startsWith('/github') === true) {
        response.end(JSON.stringify({ value: `id-of-${request.headers.authorization}`.replace('Bearer ', '') }))
        return true
      }
      if (request.url === '/v1/token') request.on('data', (piece: Buffer) => bodies.push(piece.toString()))
      return false
    }
    const local = await shieldFor(
      { audience: 'https://cache.example' },
      {
        INTERLOCK_CACHE_TOKEN: '',
        ACTIONS_ID_TOKEN_REQUEST_URL: `${cache.url}/github?x=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'ask',
      },
    )
    await local.get('h')
    expect(cache.requests[0]?.url).toBe(`/github?x=1&audience=${encodeURIComponent('https://cache.example')}`)
    expect(new URLSearchParams(bodies.join('')).get('subject_token')).toBe('id-of-ask')
    expect(cache.requests.filter(({ headers }) => headers.authorization === 'Bearer ask')).toHaveLength(1)
  })

  it.each([
    ['a denial', 403, { error: 'access_denied', error_description: 'no rule matches' }],
    ['a token that is not for this cache', 400, { error: 'invalid_grant', error_description: 'audience' }],
  ])('%s is no fault: this machine goes on with its own cache, and the reason is told', async (_, status, body) => {
    cache.behave = (request, response) => {
      if (request.url !== '/v1/token') return false
      request.resume()
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      return true
    }
    const local = await shieldFor({}, ID)
    for (const hash of ['a', 'b']) expect((await local.get(hash)).status).toBe(404)
    expect(local.run.tally()).toMatchObject({ denied: `${body.error}: ${body.error_description}`, faults: {} })
    expect(cache.requests.map(({ url }) => url)).toEqual(['/v1/token'])
    expect(local.shield.status().breaker).toBe('closed')
  })

  it.each([
    ['500', (response: import('node:http').ServerResponse) => response.writeHead(500).end()],
    ['a page', (response: import('node:http').ServerResponse) => response.end('<html>')],
    [
      'a token with a line break',
      (response: import('node:http').ServerResponse) => response.end('{"access_token":"a\\nb","expires_in":1}'),
    ],
  ])('an exchange that is answered with %s is a fault like any other', async (_, answer) => {
    cache.behave = (request, response) => request.url === '/v1/token' && (request.resume(), answer(response), true)
    const local = await shieldFor({}, ID)
    expect((await local.get('a')).status).toBe(404)
    expect(local.run.tally().faults).toEqual({ 'token exchange failed': 1 })
  })

  it('a status that tells nothing secret', async () => {
    const local = await shieldFor({}, ID)
    await local.get('a')
    expect(local.shield.status().session.granted).toMatchObject({ workspace: 'acme', rule: 'test' })
    expect(JSON.stringify(local.shield.status())).not.toMatch(/session-1|identity/)
  })
})
