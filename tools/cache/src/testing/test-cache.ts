import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { HEADERS, type TokenAnswer } from '../wire.ts'

/** One request as it reached the cache. */
export interface Recorded {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
}

/** What is done with a request instead of what a cache does; `false` leaves it to the cache. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => boolean

/** A cache on loop-back that does as the contract says, until it is told to misbehave. */
export interface TestCache {
  readonly url: string
  readonly port: number
  readonly requests: Recorded[]
  readonly store: Map<string, Buffer>
  /** Headers that come with an artifact, besides length and digest. */
  readonly extraHeaders: Map<string, Record<string, string>>
  behave: Behaviour
  /** Seconds that an exchanged token lives, and the tokens that are known. */
  tokenLife: number
  readonly tokens: Set<string>
  /** Breaks every connection and listens no more. */
  readonly kill: () => Promise<void>
  readonly revive: () => Promise<void>
  readonly dispose: () => Promise<void>
}

export async function createTestCache(): Promise<TestCache> {
  const sockets = new Set<Socket>()
  let server = serverOf(sockets, (request, response) => listener(request, response))
  const port = await listen(server, 0)
  let count = 0
  const cache: TestCache = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: [],
    store: new Map(),
    extraHeaders: new Map(),
    behave: () => false,
    tokenLife: 3600,
    tokens: new Set(),
    kill: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
    revive: async () => {
      server = serverOf(sockets, (request, response) => listener(request, response))
      await listen(server, port)
    },
    dispose: async () => {
      if (server.listening) await cache.kill()
    },
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url = '', headers } = request
    cache.requests.push({ method, url, headers })
    response.on('error', () => undefined)
    if (cache.behave(request, response)) return
    if (url === '/v1/token' && method === 'POST') {
      request.resume()
      const token = `session-${(count += 1)}`
      cache.tokens.add(token)
      const answer: TokenAnswer = {
        access_token: token,
        token_type: 'Bearer',
        issued_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        expires_in: cache.tokenLife,
        workspace: 'acme',
        read: ['trusted/main'],
        write: 'trusted/main',
        rule: 'test',
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      return
    }
    serveArtifact(cache, request, response)
  }
  return cache
}

function serveArtifact({ store, extraHeaders }: TestCache, request: IncomingMessage, response: ServerResponse): void {
  const hash = /\/v1\/cache\/([\w-]+)$/u.exec(request.url ?? '')?.[1] ?? ''
  if (request.method === 'GET') {
    request.resume()
    const bytes = store.get(hash)
    if (bytes === undefined) response.writeHead(404, { [HEADERS.reason]: 'absent' }).end()
    else response.writeHead(200, { ...headersOf(bytes), ...extraHeaders.get(hash) }).end(bytes)
    return
  }
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const isNew = !store.has(hash)
    if (isNew) store.set(hash, Buffer.concat(pieces))
    response.writeHead(isNew ? 200 : 409).end()
  })
}

/** Length and digest as the contract has them. */
export function headersOf(bytes: Buffer): Record<string, string> {
  return { 'content-length': String(bytes.length), [HEADERS.digest]: createHash('sha256').update(bytes).digest('hex') }
}

function serverOf(sockets: Set<Socket>, listener: RequestListener): Server {
  return createServer(listener).on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
