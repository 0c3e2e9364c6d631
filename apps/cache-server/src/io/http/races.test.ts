import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createTestWorkspace, linkNodeModules } from '@interlock/kit/testing'
import { expect, test } from 'vitest'
import { type ServeProcess, serveProcess } from '../../testing/serve-process.ts'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..', '..')
const authority = tokenAuthority({ tokens: { main: MAIN } })
const headers = { authorization: 'Bearer main' }
/** Bytes that a burst of 6000 answers may add to the peak: less than 1.4 kB each. */
const FLAT = 8 * 2 ** 20

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
  await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}' } })
  await linkNodeModules(workspace, REPOSITORY)
  await using server = await serveProcess({ cwd: workspace.root })
  const headers = { authorization: `Bearer ${(await workspace.read('.interlock/cache-server/token')).trim()}` }
  const sizes = Array.from({ length: 300 }, (_, index) => 1000 + index * 1000)
  for (const [index, size] of sizes.entries()) {
    // Turborepo's bodies are not looked into, so any bytes will do.
    const answer = await fetch(`${server.url}/v8/artifacts/burst-${index}`, {
      method: 'PUT',
      body: Buffer.alloc(size, index),
      headers,
    })
    expect(answer.status).toBe(202)
  }
  const burst = async (): Promise<number> => {
    const clients = Array.from({ length: 20 }, () => new Agent({ keepAlive: true }))
    const whole = await Promise.all(
      clients.flatMap((agent) =>
        sizes.map(async (size, index) => get(`${server.url}/v8/artifacts/burst-${index}`, { agent, headers, size })),
      ),
    )
    for (const agent of clients) agent.destroy()
    return whole.filter(Boolean).length
  }
  // The collector lets the peak rise through the first bursts; what is kept of each request would raise it with every one.
  let peak = 0
  const rises: number[] = []
  const isAtRest = (): boolean => rises.length > 3 && rises.slice(-3).every((rise) => rise <= FLAT)
  while (rises.length < 15 && !isAtRest()) {
    expect(await burst()).toBe(6000)
    const reached = await peakOf(server)
    rises.push(reached - peak)
    peak = reached
  }
  expect(isAtRest() ? [] : rises).toEqual([])
}, 180_000)

/** The most memory that the server has had, in bytes. */
async function peakOf({ child }: ServeProcess): Promise<number> {
  const text = await readFile(`/proc/${child.pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(text)?.[1]) * 1024
}

async function get(
  url: string,
  { agent, headers, size }: { agent: Agent; headers: { authorization: string }; size: number },
): Promise<boolean> {
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
