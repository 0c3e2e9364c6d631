import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { faultOf } from '../../core/fault.ts'
import { hashIn, INNER, INNER_PATHS, isOwnHost, isSame, type Outcome } from '../../core/loopback.ts'
import { HEADERS } from '../../wire.ts'
import type { Found } from '../artifacts.ts'
import { spool } from '../spool.ts'
import type { Shield } from './state.ts'

const MIB = 1024 * 1024

/**
 * The server of the shield. Whatever happens to a request, it is answered: 200, 404, or 401 for who does not know the
 * secret.
 */
export function createShieldServer(shield: Shield, secret: string): Server {
  const server = createServer(
    { keepAliveTimeout: 120_000, requestTimeout: 0, highWaterMark: 256 * 1024 },
    (request, response) => {
      response.on('error', () => undefined)
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const isKnown = isOwnHost(request.headers.host, port) && isSame(request.headers.authorization ?? '', `Bearer ${secret}`)
      if (!isKnown) {
        request.resume()
        response.writeHead(401, { 'content-type': 'text/plain' }).end('not for you\n')
        return
      }
      shield.seen()
      answer(shield, request, response).catch((error: unknown) => {
        request.resume()
        if (response.headersSent) response.destroy()
        else say(response, request.method === 'PUT' ? 200 : 404, { outcome: 'fault', reason: faultOf(error).kind })
      })
    },
  )
  server.on('clientError', (_, socket) => socket.destroy())
  return server
}

async function answer(shield: Shield, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = request
  const hash = hashIn(url)
  if (hash !== undefined && method === 'GET') return answerGet(shield, hash, response)
  if (hash !== undefined && method === 'PUT') return answerPut(shield, hash, { request, response })
  request.setEncoding('utf8')
  if (method === 'GET' && url === INNER_PATHS.status) return json(response, shield.status())
  if (method === 'POST' && url === INNER_PATHS.run) return json(response, shield.register(await bodyOf(request)))
  if (method === 'POST' && url === INNER_PATHS.flush) return json(response, await shield.flush(await bodyOf(request)))
  request.resume()
  say(response, 404, { outcome: 'miss' })
}

async function answerGet(shield: Shield, hash: string, response: ServerResponse): Promise<void> {
  // Says every second that this process lives, while the cache is asked.
  const alive = setInterval(() => response.writeProcessing(), 1000)
  const found = await shield.read(hash).finally(() => clearInterval(alive))
  if (found.kind !== 'hit') return say(response, 404, wordsOf(found))
  const { spooled, durationMs } = found
  const headers = { [INNER.outcome]: 'hit', ...(durationMs === undefined ? {} : { [HEADERS.duration]: durationMs }) }
  if (spooled.bytes !== undefined) {
    response.writeHead(200, { ...headers, 'content-length': spooled.size }).end(spooled.bytes)
    return
  }
  const file = await spooled.share()
  response.writeHead(200, { ...headers, [INNER.file]: encodeURI(file), [INNER.size]: spooled.size, 'content-length': 0 }).end()
}

function wordsOf(found: Exclude<Found, { readonly kind: 'hit' }>): Words {
  if (found.kind === 'fault') return { outcome: 'fault', reason: found.fault.kind }
  if (found.kind === 'denied') return { outcome: 'denied', reason: found.reason }
  return { outcome: found.kind }
}

async function answerPut(
  shield: Shield,
  hash: string,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const refusal = shield.refusal(Number(request.headers['content-length'] ?? 0))
  if (refusal !== undefined) {
    request.resume()
    return say(response, 200, { outcome: 'dropped', reason: refusal })
  }
  const { artifactMiB } = shield.way.settings.limits
  const inMemory = shield.uploads.waitingBytes() < 32 * MIB ? MIB : 0
  try {
    const length = request.headers['content-length']
    const promised = length === undefined ? undefined : Number(length)
    const bounds = { most: artifactMiB * MIB, inMemory, stall: 30_000, length: promised, drain: true }
    const spooled = await spool(request, shield.way.folder, bounds)
    const run = request.headers[INNER.run]
    shield.uploads.add(typeof run === 'string' ? run : '', hash, spooled)
    say(response, 200, { outcome: 'accepted' })
  } catch (error) {
    say(response, 200, { outcome: 'dropped', reason: faultOf(error).kind })
  }
}

interface Words {
  readonly outcome: Outcome
  readonly reason?: string
}

function say(response: ServerResponse, status: 200 | 404, { outcome, reason }: Words): void {
  const why = reason === undefined ? {} : { [INNER.reason]: reason.replaceAll(/[^\x20-\x7e]/gu, ' ') }
  response.writeHead(status, { [INNER.outcome]: outcome, ...why, 'content-length': 0 }).end()
}

function json(response: ServerResponse, value: unknown): void {
  const text = JSON.stringify(value)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const piece of request as AsyncIterable<string>) text += piece
  return JSON.parse(text) as unknown
}
