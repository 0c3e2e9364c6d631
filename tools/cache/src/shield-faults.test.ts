import { randomBytes, sign, generateKeyPairSync } from 'node:crypto'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import type { CacheSection } from './core/section.ts'
import { archive, createLocalShield, type LocalShield, testSettings } from './testing/local-shield.ts'
import { type Behaviour, createTestCache, headersOf, type TestCache } from './testing/test-cache.ts'
import { createToxicProxy, type Toxic } from './testing/toxic-proxy.ts'
import { HEADERS, signedText } from './wire.ts'

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
const LARGE = archive(randomBytes(6 * 1024 * 1024))

test.each([
  ['in memory', SMALL],
  ['through a file', LARGE],
])('what the cache has comes back as it is, %s', async (_, bytes) => {
  cache.store.set('h', bytes)
  const { get, run, folder } = await shieldFor()
  const response = await get('h')
  expect(response.status).toBe(200)
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
  expect(run.tally()).toMatchObject({ hits: 1, bytes: bytes.length, faults: {} })
  await expect.poll(() => readdirSync(folder), { timeout: 5000 }).toEqual([])
})

/** An answer head, then these bytes, whatever the head said. */
const raw =
  (head: string, body: Buffer): Behaviour =>
  (request) => {
    request.socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 ${head}\r\n\r\n`), body]))
    request.socket.end()
    return true
  }
const lies =
  (status: number, headers: Record<string, string>, body: Buffer | string = ''): Behaviour =>
  (request, response) => {
    request.resume()
    response.writeHead(status, headers).end(body)
    return true
  }
const PAGE = '<html><title>502 Bad Gateway</title></html>'

/** Each of these fails a run of Nx that asks the server itself. */
const LIES: readonly (readonly [string, Behaviour, string])[] = [
  ['500', lies(500, {}), 'server error'],
  ['502 with a page of a proxy', lies(502, { 'content-type': 'text/html' }, PAGE), 'server error'],
  ['503', lies(503, {}), 'overloaded'],
  ['429', lies(429, { 'retry-after': '1' }), 'overloaded'],
  ['403', lies(403, {}), 'unexpected answer'],
  ['410', lies(410, {}), 'unexpected answer'],
  ['204', lies(204, {}), 'unexpected answer'],
  ['200 with a page of a proxy', lies(200, { 'content-type': 'text/html' }, PAGE), 'not an artifact'],
  ['200 without a body', lies(200, { 'content-length': '0' }), 'not an artifact'],
  ['200 with half of an archive and no digest', lies(200, {}, SMALL.subarray(0, SMALL.length / 2)), 'not an artifact'],
  ['200 with another digest', lies(200, { [HEADERS.digest]: 'ab'.repeat(32) }, SMALL), 'wrong digest'],
  ['a body that is shorter than its length', raw(`200 OK\r\nContent-Length: ${SMALL.length + 1}`, SMALL), 'answer cut short'],
  ['chunks without an end', raw('200 OK\r\nTransfer-Encoding: chunked', Buffer.from('4\r\nabcd\r\n')), 'answer cut short'],
  ['what is no HTTP', raw('not http', Buffer.alloc(100)), 'unexpected answer'],
  ['a redirect to itself', lies(302, { location: '/v1/cache/h' }), 'unexpected answer'],
  ['a redirect to another protocol', lies(302, { location: 'file:///etc/passwd' }), 'unexpected answer'],
  ['more than an artifact may have', lies(200, { 'content-length': String(2 ** 40) }, 'x'), 'answer too large'],
  ['a reset', (request) => (request.socket.resetAndDestroy(), true), 'connection reset'],
]

test.each(LIES)('cache-28 %s is a miss for Nx', async (_, behaviour, kind) => {
  cache.behave = behaviour
  const { get, run } = await shieldFor()
  const response = await get('h')
  expect(response.status).toBe(404)
  expect(await response.text()).toBe('')
  expect(run.tally()).toMatchObject({ hits: 0, faults: { [kind]: 1 } })
})

const TOXICS: readonly (readonly [string, Toxic, string])[] = [
  ['a reset before the head', { kind: 'reset', at: 0 }, 'connection reset'],
  ['a reset inside the head', { kind: 'reset', at: 20 }, 'connection reset'],
  ['a reset inside the body', { kind: 'reset', at: 100_000 }, 'answer cut short'],
  ['an end inside the body', { kind: 'cut', at: 3_000_000 }, 'answer cut short'],
  ['no head', { kind: 'stall', at: 0 }, 'no answer in time'],
  ['silence inside the body', { kind: 'stall', at: 100_000 }, 'answer stalled'],
  ['a trickle', { kind: 'slow', bytes: 50 }, 'answer stalled'],
]

describe.concurrent('a network that harms what passes', () => {
  it.each(TOXICS)('cache-28 %s is a miss for Nx, and nothing is left on the disk', async (_, toxic, kind) => {
    const own = await createTestCache()
    own.store.set('h', LARGE)
    const proxy = await createToxicProxy(own.port)
    proxy.toxic = toxic
    const shield = await createLocalShield(testSettings({ url: proxy.url }))
    const response = await shield.get('h')
    expect(response.status).toBe(404)
    expect(shield.run.tally()).toMatchObject({ hits: 0, faults: { [kind]: 1 } })
    expect(readdirSync(shield.folder)).toEqual([])
    await shield.dispose()
    await proxy.dispose()
    await own.dispose()
  })
})

test('a folder that somebody cleared meanwhile is made again', async () => {
  cache.store.set('h', LARGE)
  const { get, put, run, folder, shield } = await shieldFor()
  rmSync(folder, { recursive: true })
  expect((await get('h')).status).toBe(200)
  rmSync(folder, { recursive: true })
  await put('new', LARGE)
  expect(await shield.flush({ run: run.id, milliseconds: 30_000 })).toMatchObject({ done: 1, dropped: {} })
  expect(run.tally()).toMatchObject({ hits: 1, faults: {} })
})

test('a folder in which nothing can lie says nothing about the cache, which is asked on', async () => {
  for (const name of ['a', 'b', 'c', 'd']) cache.store.set(name, LARGE)
  cache.store.set('small', SMALL)
  const { get, run, folder, shield } = await shieldFor()
  rmSync(folder, { recursive: true })
  writeFileSync(folder, 'a file where a folder should be')
  for (const name of ['a', 'b', 'c', 'd']) expect((await get(name)).status).toBe(404)
  expect((await get('small')).status).toBe(200)
  expect(run.tally().faults).toEqual({ 'disk failed': 4 })
  expect(shield.status().breaker).toBe('closed')
})

test('an identity token is not posted on to another origin, whatever the cache says', async () => {
  const other = await createTestCache()
  cache.behave = (request, response) => {
    request.resume()
    response.writeHead(307, { location: `${other.url}/v1/token` }).end()
    return true
  }
  const { get, run } = await shieldFor({}, { INTERLOCK_CACHE_TOKEN: '', INTERLOCK_CACHE_ID_TOKEN: 'identity' })
  expect((await get('h')).status).toBe(404)
  expect(other.requests).toEqual([])
  expect(run.tally().faults).toEqual({ 'unexpected answer': 1 })
  await other.dispose()
})

test('a redirect to another origin is followed without the token', async () => {
  const other = await createTestCache()
  other.store.set('h', SMALL)
  cache.behave = (request, response) => {
    request.resume()
    response.writeHead(302, { location: `${other.url}/v1/cache/h` }).end()
    return true
  }
  const { get } = await shieldFor()
  expect((await get('h')).status).toBe(200)
  expect(cache.requests[0]?.headers.authorization).toBe('Bearer token')
  expect(other.requests[0]?.headers.authorization).toBeUndefined()
  await other.dispose()
})

test('nobody asks a cache that failed three times, and all who wait are answered at once', async () => {
  cache.behave = lies(500, {})
  const { get, run, shield } = await shieldFor()
  for (const hash of ['a', 'b', 'c']) await get(hash)
  expect(shield.status()).toMatchObject({ breaker: 'open', faults: 3 })
  await Promise.all(Array.from({ length: 300 }, async (_, index) => get(`later${index}`)))
  expect(cache.requests).toHaveLength(3)
  expect(run.tally()).toMatchObject({ notAsked: 300, faults: { 'server error': 3 } })
})

test('three hundred questions at once reach the cache 32 at a time', async () => {
  let [seen, most] = [0, 0]
  const waiting: (() => void)[] = []
  cache.behave = (request, response) => {
    request.resume()
    waiting.push(() => response.writeHead(404).end())
    seen += 1
    most = Math.max(most, waiting.length)
    // Time for one too many to come.
    if (waiting.length === 32 || seen === 300)
      setTimeout(() => {
        for (const answer of waiting.splice(0)) answer()
      }, 50)
    return true
  }
  const { get, run } = await shieldFor()
  await Promise.all(Array.from({ length: 300 }, async (_, index) => get(`h${index}`)))
  expect(most).toBe(32)
  expect(cache.requests).toHaveLength(300)
  expect(run.tally()).toMatchObject({ misses: 300, faults: {} })
})

test('who asks for the same artifact at the same time waits for the same answer', async () => {
  const { shield } = await shieldFor()
  cache.store.set('h', LARGE)
  const found = await Promise.all(Array.from({ length: 20 }, async () => shield.read('h')))
  expect(found.map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => 'hit'))
  expect(cache.requests.map(({ url }) => url)).toEqual(['/v1/cache/h'])
})

test('many questions for one artifact are one request, and each gets all of it', async () => {
  cache.store.set('h', LARGE)
  cache.behave = (request, response) => {
    setTimeout(() => response.writeHead(200, headersOf(LARGE)).end(LARGE), 500)
    return request.method === 'GET'
  }
  const { get, folder } = await shieldFor()
  const bodies = await Promise.all(Array.from({ length: 10 }, async () => (await get('h')).arrayBuffer()))
  expect(bodies.filter((body) => !Buffer.from(body).equals(LARGE))).toEqual([])
  expect(cache.requests).toHaveLength(1)
  await expect.poll(() => readdirSync(folder), { timeout: 5000 }).toEqual([])
})

describe('signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = publicKey.export({ format: 'jwk' }).x ?? ''
  const old = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? ''
  const digest = headersOf(SMALL)[HEADERS.digest] ?? ''
  const entry = { workspace: 'acme', tool: 'nx', scope: 'trusted/main', hash: 'h', digest, size: SMALL.length }
  const signed = (over: Partial<typeof entry> = {}): Record<string, string> => ({
    [HEADERS.scope]: entry.scope,
    [HEADERS.signature]: sign(null, Buffer.from(signedText({ ...entry, ...over })), privateKey).toString('base64url'),
  })

  it.each([
    ['a good one', signed(), undefined],
    ['none', {}, 'no signature'],
    ['one without its scope', { [HEADERS.signature]: signed()[HEADERS.signature] ?? '' }, 'no signature'],
    ['one of another scope', signed({ scope: 'pr/1' }), 'wrong signature'],
    ['one of another name', signed({ hash: 'other' }), 'wrong signature'],
    ['one of another workspace', signed({ workspace: 'evil' }), 'wrong signature'],
    ['one of other bytes', signed({ digest: 'ab'.repeat(32) }), 'wrong signature'],
    ['what is none', { ...signed(), [HEADERS.signature]: '%%%' }, 'wrong signature'],
  ])('with keys in interlock.yaml, %s', async (_, headers: Record<string, string>, fault) => {
    cache.store.set('h', SMALL)
    cache.extraHeaders.set('h', headers)
    const { get, run } = await shieldFor({ workspace: 'acme', publicKeys: [old, key] })
    expect((await get('h')).status).toBe(fault === undefined ? 200 : 404)
    expect(run.tally().faults).toEqual(fault === undefined ? {} : { [fault]: 1 })
    expect(cache.requests[0]?.url).toBe('/ns/acme/v1/cache/h')
  })
})
