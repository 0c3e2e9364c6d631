import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer, type Server } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { RunSummary } from './core/run-summary.ts'
import { readSummary } from './io/places.ts'
import { createRunWorkspace, type Environment, type RunWorkspace } from './testing/run-workspace.ts'

// The real Nx, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let folder: string
let server: Server
let port: number
const store = new Map<string, Buffer>()
const workspaces: RunWorkspace[] = []

/** A server with a certificate that only its own authority knows, which is itself. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-tls-'))
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const made = spawnSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, '-keyout', 'key.pem', '-out', 'certificate.pem'],
    { cwd: folder },
  )
  if (made.status !== 0) throw new Error(`openssl makes no certificate: ${String(made.stderr)}`)
  server = createHttpsServer(
    { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(authority()) },
    (request, response) => {
      const hash = request.url?.split('/').at(-1) ?? ''
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const bytes = store.get(hash)
        if (request.method === 'PUT') store.set(hash, Buffer.concat(pieces))
        response.writeHead(request.method === 'PUT' || bytes !== undefined ? 200 : 404).end(bytes)
      })
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  for (const workspace of workspaces) await workspace.dispose()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

function authority(): string {
  return join(folder, 'certificate.pem')
}

/** Two runs, the second with nothing left on this machine, and what the cache did in each. */
async function run(env: Environment): Promise<(RunSummary | undefined)[]> {
  const workspace = createRunWorkspace({ tasks: 3, cache: `url: https://localhost:${port}` })
  workspaces.push(workspace)
  const summaries: (RunSummary | undefined)[] = []
  for (const turn of ['first', 'second']) {
    if (turn === 'second') workspace.forget()
    expect(await workspace.nx(['run-many', '-t', 'build'], { INTERLOCK_CACHE_TOKEN: 'token', ...env })).toMatchObject({
      status: 0,
    })
    expect(workspace.wrongOutputs()).toEqual([])
    summaries.push(readSummary(workspace.root))
  }
  return summaries
}

describe('a cache behind TLS', () => {
  it('with an authority of its own is used where NODE_EXTRA_CA_CERTS names it', async () => {
    expect(await run({ NODE_EXTRA_CA_CERTS: authority() })).toMatchObject([
      { remoteHits: 0, faults: {} },
      { remoteHits: 3, faults: {} },
    ])
  })

  it('with an authority that nobody knows is not used, and the run is green', async () => {
    const [summary] = await run({})
    expect(Object.keys(summary?.faults ?? {})).toEqual(['TLS failed'])
  })

  it('is reached through the tunnel of a proxy, with its user', async () => {
    const asked: string[] = []
    const proxy = createHttpServer((_, response) => response.writeHead(500).end())
    proxy.on('connect', (request, socket) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization']}`)
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(upstream).pipe(socket)
      })
      for (const each of [socket, upstream]) each.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const address = `http://user:word@127.0.0.1:${(proxy.address() as AddressInfo).port}`
    expect(await run({ NODE_EXTRA_CA_CERTS: authority(), HTTPS_PROXY: address, HTTP_PROXY: address })).toMatchObject([
      { remoteHits: 0, faults: {} },
      { remoteHits: 3, faults: {} },
    ])
    expect(new Set(asked)).toEqual(new Set([`localhost:${port} Basic ${Buffer.from('user:word').toString('base64')}`]))
    proxy.closeAllConnections()
    proxy.close()
  })

  it('behind a proxy that refuses is not used, and the run is green', async () => {
    const proxy = createHttpServer().on('connect', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const [summary] = await run({ HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })
    expect(Object.keys(summary?.faults ?? {})).toEqual(['proxy failed'])
    proxy.close()
  })
})
