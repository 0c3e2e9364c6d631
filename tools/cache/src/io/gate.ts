import { randomBytes } from 'node:crypto'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hashIn, INNER, isOwnHost, isSame } from '../core/loopback.ts'
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
  /** The run is over: its bearer opens nothing any more. */
  readonly end: (run: Run) => void
  readonly close: () => void
}

export interface Run {
  readonly id: string
  readonly bearer: string
  readonly tally: () => Tally
}

/** A client that was killed never says that its run is over. */
const MOST_RUNS = 1024
const ANSWER_MS = 2000

export async function createGate(link: Link): Promise<Gate> {
  const runs = new Map<string, { readonly id: string; tally: Tally }>()
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) => {
    const run = runOf(request, server, runs)
    response.on('error', () => undefined)
    if (run === undefined) return turnAway(request, response)
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
      const [oldest] = runs.keys()
      if (runs.size > MOST_RUNS && oldest !== undefined) runs.delete(oldest)
      return { id: run.id, bearer, tally: () => run.tally }
    },
    end: ({ bearer }) => void runs.delete(bearer),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Whether a listener answers at this address, and this bearer is that of a run which goes on. */
export async function isRunning(address: string, bearer: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${bearer}` }
    const asked = get(address, { headers, agent: false, signal: AbortSignal.timeout(ANSWER_MS) }, (response) => {
      response.destroy()
      resolve(typeof response.headers[INNER.run] === 'string')
    })
    asked.on('error', () => resolve(false))
  })
}

/** One request of Nx on its way. */
export interface Passage {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly link: Link
  readonly run: string
  readonly tell: (told: Told) => void
}

/** Who knows no run finds nothing and leaves nothing. It may be Nx that a task left behind, so that it goes on with the answer. */
function turnAway(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  response.writeHead(request.method === 'PUT' ? 200 : 404, { 'content-length': 0 }).end()
}

/** Answers with nothing but what Nx goes on with: 200 or 404. */
async function answer(passage: Passage): Promise<void> {
  const { request, response, run, tell } = passage
  const hash = hashIn(request.url ?? '')
  const isPut = request.method === 'PUT'
  try {
    if (hash !== undefined && request.method === 'GET') return await passGet(passage, hash)
    if (hash !== undefined && isPut) return await passPut(passage, hash)
    request.resume()
    response.writeHead(404, { [INNER.run]: run, 'content-length': 0 }).end()
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
