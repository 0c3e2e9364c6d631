import { expect, test } from 'vitest'
import { nxClient } from '../../testing/nx-client.ts'
import { rawConnection, statusOf } from '../../testing/raw.ts'
import { serveProcess } from '../../testing/serve-process.ts'
import { testServer } from '../../testing/server.ts'
import { MAIN, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN } })
const headers = { authorization: 'Bearer main' }

test('cache-39: a run whose upload is on its way when the server is told to end stays green, and the artifact is stored', async () => {
  let begun = (): void => undefined
  const uploading = new Promise<void>((resolve) => (begun = resolve))
  const inspect = async (): Promise<{ kind: 'opaque' }> => {
    begun()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    return { kind: 'opaque' }
  }
  await using server = await testServer({ authority, isGuarded: true, guard: { inspect } })
  await using client = await nxClient()
  const running = client.run({ url: server.url, token: 'main' })
  await uploading
  const draining = server.drain()
  expect(await running).toMatchObject({ kind: 'exited', status: 0 })
  expect(await draining).toEqual({ aborted: 0 })
  expect(server.audited.map(({ kind }) => kind)).toEqual(['put'])
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed')
})

test('cache-39: a run that is under way when the process gets SIGTERM ends green, and so does the process', async () => {
  await using client = await nxClient({ projects: 6 })
  const env = { INTERLOCK_CACHE_SERVER_SHUTDOWN_ANNOUNCE: '30' }
  await using server = await serveProcess({ cwd: client.workspace.root, env })
  const token = (await client.workspace.read('.interlock/cache-server/token')).trim()
  const running = client.run({ url: server.url, token }, ['run-many', '-t', 'build', '--parallel=1'])
  const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text()
  await expect.poll(metrics, { timeout: 60_000 }).toMatch(/result="stored"/u)
  const ended = server.end('SIGTERM')
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(503)
  expect(await running).toMatchObject({ kind: 'exited', status: 0 })
  expect(await metrics()).toMatch(/result="stored",scope_class="trusted"\} 6$/mu)
  expect(await ended).toBe(0)
  expect(server.stdout()).toMatch(/ended by SIGTERM$/mu)
}, 120_000)

test('until load balancers have noticed, runs begin and end as before, and the server says that it is not ready', async () => {
  await using server = await testServer({ authority, isGuarded: true, announce: 15 })
  await using client = await nxClient({ projects: 5 })
  const draining = server.drain()
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  expect(await client.run({ url: server.url, token: 'main' })).toMatchObject({ status: 0 })
  expect(server.audited.filter(({ kind }) => kind === 'put')).toHaveLength(5)
  expect(await draining).toEqual({ aborted: 0 })
})

test('what does not end in time is cut off, and idle connections do not keep it waiting', async () => {
  await using server = await testServer({ authority, finish: 1 })
  const idle = await rawConnection(server.url)
  idle.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(statusOf(await idle.until(/ok/u))).toBe(200)
  const endless = await rawConnection(server.url)
  endless.write('PUT /v1/cache/1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer main\r\ncontent-length: 10\r\n\r\nx')
  await expect.poll(async () => (await fetch(`${server.url}/metrics`)).text()).toMatch(/^cache_in_flight\{op="put"\} 1$/mu)
  expect(await server.drain()).toEqual({ aborted: 1 })
  await Promise.all([idle.closed, endless.closed])
})

test('draining twice is draining once', async () => {
  await using server = await testServer({ authority })
  await fetch(`${server.url}/v1/cache/1`, { headers })
  expect(await Promise.all([server.drain(), server.drain()])).toEqual([{ aborted: 0 }, { aborted: 0 }])
})
