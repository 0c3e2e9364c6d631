import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN } })
const headers = { authorization: 'Bearer main' }

test('cache-22: of fifty writers of one hash one wins, and a reader sees nothing or all of it', async () => {
  await using server = await testServer({ authority })
  const bodies = Array.from({ length: 50 }, (_, index) => Buffer.alloc(300_000, index))
  const seen = new Set<string>()
  const written = new AbortController()
  const reading = (async () => {
    while (!written.signal.aborted) {
      const answer = await fetch(`${server.url}/v1/cache/one`, { headers })
      const bytes = Buffer.from(await answer.arrayBuffer())
      seen.add(answer.status === 200 ? `200 ${bytes.length} ${new Set(bytes).size}` : String(answer.status))
    }
  })()
  const statuses = await Promise.all(
    bodies.map(async (body) => (await fetch(`${server.url}/v1/cache/one`, { method: 'PUT', body, headers })).status),
  )
  written.abort()
  await reading
  expect(count(statuses)).toEqual({ 200: 1, 409: 49 })
  expect([...seen].filter((outcome) => outcome !== '404' && outcome !== '200 300000 1')).toEqual([])
  const rows = []
  for await (const entry of server.store.entries()) rows.push(entry)
  expect(rows).toHaveLength(1)
})

test('cache-35: twenty clients that ask for 300 artifacts at once all get them, and memory stays flat', async () => {
  await using server = await testServer({ authority })
  const bodies = Array.from({ length: 300 }, (_, index) => Buffer.alloc(1000 + index * 1000, index))
  for (const [index, body] of bodies.entries()) {
    expect((await fetch(`${server.url}/v1/cache/burst-${index}`, { method: 'PUT', body, headers })).status).toBe(200)
  }
  const burst = async (): Promise<number> => {
    const clients = Array.from({ length: 20 }, () => new Agent({ keepAlive: true }))
    const sizes = await Promise.all(
      clients.flatMap((agent) =>
        bodies.map(async (body, index) => get(`${server.url}/v1/cache/burst-${index}`, agent, body.length)),
      ),
    )
    for (const agent of clients) agent.destroy()
    return sizes.filter(Boolean).length
  }
  expect(await burst()).toBe(6000)
  const before = await residentAfter(burst)
  const after = await residentAfter(burst)
  expect(after - before).toBeLessThan(200 * 2 ** 20)
}, 120_000)

async function residentAfter(burst: () => Promise<number>): Promise<number> {
  expect(await burst()).toBe(6000)
  return process.memoryUsage.rss()
}

async function get(url: string, agent: Agent, size: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    request(url, { agent, headers }, (response) => {
      let received = 0
      response.on('data', (chunk: Buffer) => (received += chunk.length))
      response.on('end', () => resolve(response.statusCode === 200 && received === size))
      response.on('error', reject)
    })
      .on('error', reject)
      .end()
  })
}

function count(values: readonly number[]): Record<number, number> {
  return Object.fromEntries([...new Set(values)].map((value) => [value, values.filter((other) => other === value).length]))
}
