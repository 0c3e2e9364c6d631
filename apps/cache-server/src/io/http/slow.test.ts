import { expect, test } from 'vitest'
import { rawConnection } from '../../testing/raw.ts'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN } })
const AUTHORIZED = 'host: x\r\nauthorization: Bearer main\r\n'
const headers = { authorization: 'Bearer main' }

test('cache-21: headers, bodies and readers that never end are cut off, and nobody else notices', async () => {
  await using server = await testServer({ authority, limits: { stall: 2 } })
  const large = Buffer.alloc(32 * 2 ** 20, 7)
  expect((await fetch(`${server.url}/v1/cache/large`, { method: 'PUT', body: large, headers })).status).toBe(200)

  const slowHeaders = await rawConnection(server.url)
  slowHeaders.write('GET /v1/cache/1 HTTP/1.1\r\nhost: x\r\nx-slow: ')
  const slowBody = await rawConnection(server.url)
  slowBody.write(`PUT /v1/cache/1 HTTP/1.1\r\n${AUTHORIZED}content-length: 100000\r\n\r\n`)
  const slowForm = await rawConnection(server.url)
  slowForm.write('POST /v1/token HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n')
  const drip = setInterval(() => {
    slowHeaders.write('x')
    slowBody.write('x')
    slowForm.write('x')
  }, 100)
  const slowReader = await rawConnection(server.url)
  slowReader.socket.pause()
  slowReader.write(`GET /v1/cache/large HTTP/1.1\r\n${AUTHORIZED}\r\n`)

  let others = 0
  const asking = (async () => {
    for (let ended = false; !ended;) {
      const answer = await fetch(`${server.url}/v1/cache/large`, { headers })
      expect((await answer.arrayBuffer()).byteLength).toBe(large.length)
      others += 1
      ended = slowHeaders.socket.destroyed && slowBody.socket.destroyed
    }
  })()
  expect(await slowHeaders.closed).toMatch(/^(HTTP\/1\.1 408|$)/u)
  await slowBody.closed
  await slowForm.closed
  slowReader.socket.resume()
  expect((await slowReader.closed).length).toBeLessThan(large.length)
  clearInterval(drip)
  await asking
  expect(others).toBeGreaterThan(0)
  expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^cache_stalled_total 2$/mu)
})
