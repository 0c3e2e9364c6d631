import { afterEach, beforeEach, expect, test } from 'vitest'
import { testSettings } from '../testing/local-shield.ts'
import { createTestCache, type TestCache } from '../testing/test-cache.ts'
import { HEADERS } from '../wire.ts'
import { type Agents, createAgents } from './agents.ts'
import { createSession, type Session } from './session.ts'

let cache: TestCache
let agents: Agents
let session: Session
let now = 0

beforeEach(async () => {
  cache = await createTestCache()
  cache.tokenLife = 100
  now = 0
  const settings = testSettings({ url: cache.url }, { INTERLOCK_CACHE_TOKEN: '', INTERLOCK_CACHE_ID_TOKEN: 'identity' })
  agents = createAgents(settings.proxy)
  session = createSession(settings, agents, () => now)
})
afterEach(async () => {
  agents.close()
  await cache.dispose()
})

const shown = async (): Promise<string | undefined> => {
  const access = await session.access()
  return access.kind === 'open' ? access.authorization : access.kind
}
const exchanges = (): number => cache.requests.filter(({ url }) => url === '/v1/token').length

test('an identity token is exchanged once for many questions', async () => {
  expect(new Set(await Promise.all([shown(), shown(), shown()]))).toEqual(new Set(['Bearer session-1']))
  now = 79_999
  expect(await shown()).toBe('Bearer session-1')
  expect(exchanges()).toBe(1)
})

test('the next session is there before the last one ends, and nobody waits for it', async () => {
  await shown()
  now = 80_000
  expect(await shown()).toBe('Bearer session-1')
  await expect.poll(async () => shown()).toBe('Bearer session-2')
  expect(exchanges()).toBe(2)
})

test('a session that has ended is not shown any more', async () => {
  await shown()
  now = 100_000
  expect(await shown()).toBe('Bearer session-2')
})

test('a session that the cache calls expired is replaced once, whoever finds out', async () => {
  const last = await shown()
  const renewed = await Promise.all([session.renew(last), session.renew(last)])
  expect(renewed).toEqual(Array.from({ length: 2 }, () => ({ kind: 'open', authorization: 'Bearer session-2' })))
  expect(await session.renew(last)).toEqual(renewed[0])
  expect(exchanges()).toBe(2)
})

test('a refusal holds for a minute, in which nobody asks again', async () => {
  cache.behave = (request, response) => {
    request.resume()
    response.writeHead(403, { [HEADERS.reason]: 'forbidden' }).end('{"error":"access_denied"}')
    return true
  }
  expect(await session.access()).toEqual({ kind: 'denied', reason: 'access_denied' })
  now = 59_999
  expect(await shown()).toBe('denied')
  expect(exchanges()).toBe(1)
  cache.behave = () => false
  now = 60_000
  expect(await shown()).toBe('Bearer session-1')
})
