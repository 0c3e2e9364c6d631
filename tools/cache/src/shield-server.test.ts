import { spawnSync } from 'node:child_process'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { afterEach, beforeEach, expect, it, test } from 'vitest'
import { INNER, INNER_PATHS } from './core/loopback.ts'
import { archive, createLocalShield, type LocalShield, testSettings } from './testing/local-shield.ts'
import { createTestCache, type TestCache } from './testing/test-cache.ts'

let cache: TestCache
let local: LocalShield

beforeEach(async () => {
  cache = await createTestCache()
  cache.store.set('h', archive())
  local = await createLocalShield(testSettings({ url: cache.url }))
})
afterEach(async () => {
  await local.dispose()
  await cache.dispose()
})

function asked(path: string, headers: Record<string, string> = {}): ClientRequest {
  const { port, secret } = local.handshake
  return request({
    host: '127.0.0.1',
    port,
    path,
    headers: { host: `127.0.0.1:${port}`, authorization: `Bearer ${secret}`, ...headers },
    agent: false,
  }).end()
}

async function answered(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.once('error', reject).once('response', (response) => resolve(response.resume()))
  })
}

test('a shield answers who knows its secret', async () => {
  expect((await answered(asked(INNER_PATHS.status))).statusCode).toBe(200)
  expect((await answered(asked('/v1/cache/h'))).statusCode).toBe(200)
})

it.each([
  ['without the secret', { authorization: '' }],
  ['with another one', { authorization: 'Bearer x' }],
  ['from a page in a browser, under a name that leads here', { host: 'evil.example' }],
])('a shield answers nobody %s', async (_, headers) => {
  for (const path of ['/v1/cache/h', ...Object.values(INNER_PATHS)])
    expect((await answered(asked(path, headers))).statusCode).toBe(401)
  expect(cache.requests).toEqual([])
})

test('a shield says that it lives while the cache takes its time, so that one that does not is found', async () => {
  let release: () => void = () => undefined
  cache.behave = (_, response) => {
    release = () => void response.writeHead(404).end()
    return true
  }
  const question = asked('/v1/cache/h')
  // Without this sign the cache is never let go on, and the answer is that of a fault.
  question.once('information', () => release())
  const { statusCode, headers } = await answered(question)
  expect([statusCode, headers[INNER.outcome]]).toEqual([404, 'miss'])
})

test('a process that ended without a word does not keep a shield', () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  local.shield.register({ run: 'alive', pid: process.pid })
  local.shield.register({ run: 'dead', pid })
  expect(local.shield.idle().parents).toBe(1)
})
