import { type FileHandle, open, rm } from 'node:fs/promises'
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { INNER, type Outcome } from '../core/loopback.ts'
import { HEADERS } from '../wire.ts'
import type { Passage } from './gate.ts'
import type { Handshake } from './handshake.ts'

/** The way from the listener to the shield, which may end and begin anew. */
export interface Link {
  /** The shield, once it has started; rejects when there is none. */
  readonly shield: () => Promise<Handshake>
  /** This shield does not answer. */
  readonly lost: (handshake: Handshake) => void
}

/** A shield that is alive says so every second. */
const SILENCE_MS = 10_000

/** The shield asks as many questions at once; what Nx gives is not kept waiting by them. */
const AGENTS = {
  GET: new Agent({ keepAlive: true, maxSockets: 32, maxFreeSockets: 32, scheduling: 'lifo' }),
  PUT: new Agent({ keepAlive: true, maxFreeSockets: 32, scheduling: 'lifo' }),
} as const

/** Answers a question of Nx. Nothing is sent to Nx before all of it is here. */
export async function passGet({ response, link, run, tell }: Passage, hash: string): Promise<void> {
  const ask = async (): Promise<IncomingMessage> => askedOf(link, await link.shield(), { method: 'GET', hash, run })
  // A shield that was killed is followed by another.
  const found = await ask().catch(ask)
  const { outcome, reason } = wordsOf(found)
  if (found.statusCode !== 200) {
    found.resume()
    tell({ outcome, reason })
    response.writeHead(404, { 'content-length': 0 }).end()
    return
  }
  const body = await bodyOf(found)
  const duration = found.headers[HEADERS.duration]
  tell({ outcome: 'hit', bytes: body.size, durationMs: typeof duration === 'string' ? Number(duration) : undefined })
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': body.size })
  if ('bytes' in body) response.end(body.bytes)
  else await pipeline(body.handle.createReadStream(), response)
}

/** Takes an artifact of Nx. Whatever becomes of it, Nx hears that it was taken. */
export async function passPut({ request, response, link, run, tell }: Passage, hash: string): Promise<void> {
  const handshake = await link.shield()
  const length = request.headers['content-length']
  const taken = await askedOf(link, handshake, { method: 'PUT', hash, run, body: request, length })
  taken.resume()
  tell(wordsOf(taken))
  request.resume()
  response.writeHead(200, { 'content-length': 0 }).end()
}

interface Question {
  readonly method: 'GET' | 'PUT'
  readonly hash: string
  readonly run: string
  readonly body?: Readable
  readonly length?: string | undefined
}

async function askedOf(
  link: Link,
  handshake: Handshake,
  { method, hash, run, body, length }: Question,
): Promise<IncomingMessage> {
  const { port, secret } = handshake
  const headers: OutgoingHttpHeaders = {
    host: `127.0.0.1:${port}`,
    authorization: `Bearer ${secret}`,
    [INNER.run]: run,
    ...(length === undefined ? {} : { 'content-length': length }),
  }
  const asked = httpRequest({ host: '127.0.0.1', port, method, path: `/v1/cache/${hash}`, headers, agent: AGENTS[method] })
  asked.setTimeout(SILENCE_MS, () => asked.destroy(new Error('the shield is silent')))
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve)
    asked.on('error', reject)
  })
  if (body === undefined) asked.end()
  else body.once('error', (error) => asked.destroy(error)).pipe(asked)
  try {
    return await answered
  } catch (error) {
    body?.unpipe(asked)
    link.lost(handshake)
    throw error
  }
}

type Body = { readonly size: number; readonly bytes: Buffer } | { readonly size: number; readonly handle: FileHandle }

async function bodyOf(found: IncomingMessage): Promise<Body> {
  const file = found.headers[INNER.file]
  if (typeof file === 'string') {
    found.resume()
    return openShared(decodeURI(file), Number(found.headers[INNER.size]))
  }
  const pieces: Buffer[] = []
  for await (const piece of found as AsyncIterable<Buffer>) pieces.push(piece)
  const bytes = Buffer.concat(pieces)
  if (bytes.length !== Number(found.headers['content-length'])) throw new Error('cut short')
  return { size: bytes.length, bytes }
}

/** The name goes at once: an open file needs none, and nobody else will remove it. */
async function openShared(file: string, size: number): Promise<Body> {
  const handle = await open(file, 'r')
  try {
    await rm(file, { force: true })
    const { size: found } = await handle.stat()
    if (found === size) return { size, handle }
    throw new Error('the file of the shield is not the one that it spoke of')
  } catch (error) {
    await handle.close()
    throw error
  }
}

function wordsOf({ headers }: IncomingMessage): { readonly outcome: Outcome; readonly reason: string | undefined } {
  const [outcome, reason] = [headers[INNER.outcome], headers[INNER.reason]]
  return {
    outcome: (typeof outcome === 'string' ? outcome : 'miss') as Outcome,
    reason: typeof reason === 'string' ? reason : undefined,
  }
}
