import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hashIn, isOwnHost, isSame } from '../core/loopback.ts'
import { NOTHING, type Tally, tallied, type Told } from '../core/tally.ts'
import { type Link, passGet, passPut } from './pass.ts'

/**
 * The listener that Nx talks to. It lives in the process that runs the hook, so that it cannot end before the run does,
 * and holds nothing but the way to the shield: without the shield every answer is "not there".
 */
export interface Gate {
  readonly address: string
  /** A new run; its bearer is all that Nx and its tasks get to see. */
  readonly open: () => Run
  readonly close: () => void
}

export interface Run {
  readonly id: string
  readonly bearer: string
  readonly tally: () => Tally
}

const MOST_RUNS = 64

export async function createGate(link: Link): Promise<Gate> {
  const runs = new Map<string, { readonly id: string; tally: Tally }>()
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) => {
    const run = runOf(request, server, runs)
    response.on('error', () => undefined)
    if (run === undefined) {
      request.resume()
      response.writeHead(401, { 'content-type': 'text/plain' }).end('not for you\n')
      return
    }
    const tell = (told: Told): void => void (run.tally = tallied(run.tally, told))
    void answer({ request, response, link, run: run.id, tell })
  })
  server.on('clientError', (_, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  server.unref()
  return {
    address: `http://127.0.0.1:${portOf(server)}`,
    open: () => {
      const bearer = randomBytes(32).toString('base64url')
      const run = { id: randomBytes(9).toString('base64url'), tally: NOTHING }
      runs.set(bearer, run)
      // A client that was killed never says that its run is over.
      const [oldest] = runs.keys()
      if (runs.size > MOST_RUNS && oldest !== undefined) runs.delete(oldest)
      return { id: run.id, bearer, tally: () => run.tally }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** One request of Nx on its way. */
export interface Passage {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly link: Link
  readonly run: string
  readonly tell: (told: Told) => void
}

/** Answers with nothing but what Nx goes on with: 200 or 404. */
async function answer(passage: Passage): Promise<void> {
  const { request, response, tell } = passage
  const hash = hashIn(request.url ?? '')
  const isPut = request.method === 'PUT'
  try {
    if (hash !== undefined && request.method === 'GET') return await passGet(passage, hash)
    if (hash !== undefined && isPut) return await passPut(passage, hash)
    request.resume()
    response.writeHead(404, { 'content-length': 0 }).end()
  } catch {
    tell(isPut ? { outcome: 'dropped', reason: 'shield gone' } : { outcome: 'fault', reason: 'shield gone' })
    request.resume()
    if (response.headersSent) response.destroy()
    else response.writeHead(isPut ? 200 : 404, { 'content-length': 0 }).end()
  }
}

function runOf<Found>({ headers }: IncomingMessage, server: Server, runs: ReadonlyMap<string, Found>): Found | undefined {
  if (!isOwnHost(headers.host, portOf(server))) return undefined
  const shown = headers.authorization ?? ''
  return [...runs].find(([bearer]) => isSame(shown, `Bearer ${bearer}`))?.[1]
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
