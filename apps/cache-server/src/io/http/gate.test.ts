import { expect, test } from 'vitest'
import { rawConnection, statusOf } from '../../testing/raw.ts'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'
import { createGate } from './gate.ts'

test('as many as there is room for go in at once, the others in their order', async () => {
  const gate = createGate({ inside: 2, waiting: 10, patience: 60_000 })
  const order: number[] = []
  expect([gate.enter(), gate.enter()]).toEqual([true, true])
  const waiting = [1, 2, 3].map(async (number) => {
    expect(await gate.enter()).toBe(true)
    order.push(number)
    gate.leave()
  })
  expect([gate.inside(), gate.waiting()]).toEqual([2, 3])
  gate.leave()
  await Promise.all(waiting)
  expect(order).toEqual([1, 2, 3])
  gate.leave()
  expect([gate.inside(), gate.waiting()]).toEqual([0, 0])
})

test('who finds the queue full, or has waited too long, does not go in and holds no room', async () => {
  const gate = createGate({ inside: 1, waiting: 1, patience: 20 })
  expect(gate.enter()).toBe(true)
  const waiting = gate.enter()
  expect(gate.enter()).toBe(false)
  expect(await waiting).toBe(false)
  gate.leave()
  expect([gate.inside(), gate.waiting(), gate.enter()]).toEqual([0, 0, true])
})

test('an upload that finds the queue full is dropped for Nx, and told so to who can bear it; the next one goes in', async () => {
  await using server = await testServer({
    authority: tokenAuthority({ tokens: { main: MAIN } }),
    limits: { writes: 1, waiting: 0 },
  })
  const first = await rawConnection(server.url)
  first.write('PUT /v1/cache/1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer main\r\ncontent-length: 2\r\n\r\nx')
  await expect.poll(async () => (await fetch(`${server.url}/metrics`)).text()).toMatch(/^cache_in_flight\{op="put"\} 1$/mu)
  const put = async (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}/v1/cache/2`, { method: 'PUT', body: 'x', headers: { authorization: 'Bearer main', ...headers } })
  const dropped = await put()
  expect([dropped.status, dropped.headers.get('x-cache-reason')]).toEqual([403, 'overload'])
  const strict = await put({ 'x-cache-strict': '1' })
  expect([strict.status, strict.headers.get('retry-after')]).toEqual([503, '5'])
  first.write('y')
  expect(statusOf(await first.until(/\r\n\r\n/u))).toBe(200)
  expect((await put()).status).toBe(200)
})
