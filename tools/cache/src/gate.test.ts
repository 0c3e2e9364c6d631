import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { NOTHING } from './core/tally.ts'
import { createGate, type Gate } from './io/gate.ts'
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

/** Sends what no client of HTTP would, and resolves with the status of the answer, 0 where there was none. */
async function raw(text: string): Promise<number> {
  const { port, hostname } = new URL(local.address)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(text))
    socket.setEncoding('latin1').on('data', (piece: string) => {
      answer += piece
      socket.end()
    })
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/u.exec(answer)?.[1] ?? 0)))
  })
}

describe('who may talk to the listener', () => {
  const bearer = (): string => `Authorization: Bearer ${local.run.bearer}`
  const host = (): string => `Host: ${new URL(local.address).host}`

  it('Nx, which knows its address and the secret of its run', async () => {
    expect(await raw(`GET /v1/cache/h HTTP/1.1\r\n${host()}\r\n${bearer()}\r\n\r\n`)).toBe(200)
    expect(await raw(`GET //v1/cache/h HTTP/1.1\r\n${host()}\r\n${bearer()}\r\n\r\n`)).toBe(200)
  })

  it('nobody with another secret, or with none: nothing is found and nothing is kept, and no run fails of it', async () => {
    for (const line of ['Authorization: Bearer x', 'X: y', 'Authorization: Bearer ', `Authorization: ${local.run.bearer}`]) {
      expect(await raw(`GET /v1/cache/h HTTP/1.1\r\n${host()}\r\n${line}\r\n\r\n`)).toBe(404)
      expect(await raw(`PUT /v1/cache/new HTTP/1.1\r\n${host()}\r\n${line}\r\nContent-Length: 1\r\n\r\nx`)).toBe(200)
    }
    expect(cache.requests).toEqual([])
    expect(local.run.tally()).toEqual(NOTHING)
  })

  it('no page in a browser, under a name that leads here', async () => {
    expect(await raw(`GET /v1/cache/h HTTP/1.1\r\nHost: evil.example\r\n${bearer()}\r\n\r\n`)).toBe(404)
    expect(cache.requests).toEqual([])
  })

  it('no run that is over, and every one that is not, however many have begun since', async () => {
    const statusOf = async (): Promise<number> => raw(`GET /v1/cache/h HTTP/1.1\r\n${host()}\r\n${bearer()}\r\n\r\n`)
    for (let other = 0; other < 100; other += 1) local.gate.open()
    expect(await statusOf()).toBe(200)
    local.gate.end(local.run)
    expect(await statusOf()).toBe(404)
  })

  it.each([
    '/v1/cache/..%2f..%2fetc%2fpasswd',
    '/v1/cache/%00',
    `/v1/cache/${'a'.repeat(300)}`,
    '/v1/cache/$(id)',
    '/shield/status',
    '/',
  ])('%s is nothing', async (path) => {
    expect(await raw(`GET ${path} HTTP/1.1\r\n${host()}\r\n${bearer()}\r\n\r\n`)).toBe(404)
    expect(cache.requests).toEqual([])
  })

  it('what is no HTTP does not harm it', async () => {
    await raw('\u0000\u0001 nonsense\r\n\r\n')
    await raw(`GET / HTTP/1.1\r\n${`x: ${'y'.repeat(100)}\r\n`.repeat(500)}`)
    expect((await local.get('h')).status).toBe(200)
  })
})

describe('without a shield', () => {
  let gate: Gate
  beforeEach(async () => {
    gate = await createGate({ shield: async () => Promise.reject(new Error('none')), lost: () => undefined })
  })
  afterEach(() => gate.close())

  it('nothing is found, everything is taken, and both are counted', async () => {
    const run = gate.open()
    const headers = { authorization: `Bearer ${run.bearer}` }
    expect((await fetch(`${gate.address}/v1/cache/h`, { headers })).status).toBe(404)
    const put = { method: 'PUT', headers, body: Buffer.alloc(3_000_000) }
    expect((await fetch(`${gate.address}/v1/cache/h`, put)).status).toBe(200)
    expect(run.tally()).toMatchObject({ faults: { 'shield gone': 1 }, dropped: { 'shield gone': 1 } })
  })
})

test('a shield that was killed in the middle of a run is followed by another, and the question is asked again', async () => {
  const dead = { ...local.handshake, port: 1 }
  let current = dead
  const gate = await createGate({
    shield: async () => current,
    lost: (handshake) => {
      expect(handshake).toBe(dead)
      current = local.handshake
    },
  })
  const run = gate.open()
  const response = await fetch(`${gate.address}/v1/cache/h`, { headers: { authorization: `Bearer ${run.bearer}` } })
  expect(response.status).toBe(200)
  expect(run.tally()).toMatchObject({ hits: 1, faults: {} })
  gate.close()
})

test('runs that share a listener are counted apart', async () => {
  const gate = await createGate({ shield: async () => Promise.reject(new Error('none')), lost: () => undefined })
  const [one, other] = [gate.open(), gate.open()]
  await fetch(`${gate.address}/v1/cache/h`, { headers: { authorization: `Bearer ${one.bearer}` } })
  expect([one.tally().faults, other.tally().faults]).toEqual([{ 'shield gone': 1 }, {}])
  gate.close()
})
