import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { serveOnLoopBack } from './loop-back.ts'

/** An ordinary self-hosted cache, as Nx publishes its contract and as open servers keep it: who has the token may write. */
export interface OrdinaryServer {
  readonly url: string
  readonly readWrite: string
  readonly readOnly: string
  /** Hashes that are stored, with how often each was answered. */
  readonly hits: ReadonlyMap<string, number>
  readonly close: () => Promise<void>
}

const READ_WRITE = 'read-write-token'
const READ_ONLY = 'read-only-token'

/**
 * `PUT` stores once (409 afterwards, as Nx asks for), `GET` answers. Two tokens, one of which only reads. Nothing is known
 * about who stored what: that is the defect of CVE-2025-36852.
 */
export async function startOrdinaryServer(): Promise<OrdinaryServer> {
  const artifacts = new Map<string, Buffer>()
  const hits = new Map<string, number>()
  const server = await serveOnLoopBack((request, response) => void handle({ request, response }, artifacts, hits))
  return { ...server, readWrite: READ_WRITE, readOnly: READ_ONLY, hits }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

async function handle({ request, response }: Exchange, artifacts: Map<string, Buffer>, hits: Map<string, number>): Promise<void> {
  const answer = (status: number, body: Uint8Array | string = ''): void => {
    const type = typeof body === 'string' ? 'text/plain' : 'application/octet-stream'
    response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body)
  }
  const [, hash] = /^\/v1\/cache\/([A-Za-z0-9_-]+)$/u.exec(request.url ?? '') ?? []
  const token = request.headers.authorization?.replace(/^Bearer /u, '')
  const body = await buffer(request)
  if (token !== READ_WRITE && token !== READ_ONLY) return answer(401, 'unknown token')
  if (hash === undefined) return answer(404)
  if (request.method === 'GET') {
    const found = artifacts.get(hash)
    if (found === undefined) return answer(404)
    hits.set(hash, (hits.get(hash) ?? 0) + 1)
    return answer(200, found)
  }
  if (request.method !== 'PUT') return answer(405)
  if (token !== READ_WRITE) return answer(403, 'read only')
  if (artifacts.has(hash)) return answer(409, 'there already')
  artifacts.set(hash, body)
  return answer(200)
}
