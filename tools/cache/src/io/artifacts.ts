import type { IncomingMessage } from 'node:http'
import type { KeyObject } from 'node:crypto'
import { Fault, faultOf } from '../core/fault.ts'
import { artifactUrl, type ShieldSettings } from '../core/settings.ts'
import { judge, readKeys } from '../core/verify.ts'
import { HEADERS } from '../wire.ts'
import type { Agents } from './agents.ts'
import type { Gatekeeper } from './gatekeeper.ts'
import { BOUNDS, send } from './request.ts'
import type { Session } from './session.ts'
import { isArchive, spool, type Spooled } from './spool.ts'

/** What became of a question to the cache. Only `hit` brings bytes, and those were verified. */
export type Found =
  | { readonly kind: 'hit'; readonly spooled: Spooled; readonly durationMs: number | undefined }
  | { readonly kind: 'miss' }
  /** The breaker is open, so nobody asked. */
  | { readonly kind: 'not asked' }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'fault'; readonly fault: Fault }

/** Everything that a question goes through. */
export interface Way {
  readonly settings: ShieldSettings
  readonly agents: Agents
  readonly session: Session
  readonly gate: Gatekeeper
  /** Where large bodies lie; `undefined` where no folder can be written. */
  readonly folder: string | undefined
}

/** Larger ones go to a file; 32 of them may be on the way at the same time. */
const IN_MEMORY = 4 * 1024 * 1024

/** Asks for one artifact. Several questions for the same one at the same time are one request. Never throws. */
export function createReader(way: Way): (hash: string) => Promise<Found> {
  const keys = readKeys(way.settings.publicKeys)
  const flights = new Map<string, Promise<Found>>()
  return async (hash) => {
    const flying = flights.get(hash)
    if (flying !== undefined) return flying
    const admission = way.gate.admission()
    if (admission === 'probe') void probe(way, hash)
    if (admission !== 'go') return { kind: 'not asked' }
    const flight = ask(way, hash, keys)
      .catch((error: unknown): Found => ({ kind: 'fault', fault: faultOf(error) }))
      .finally(() => flights.delete(hash))
    flights.set(hash, flight)
    const found = await flight
    if (found.kind === 'hit') setTimeout(() => void found.spooled.drop(), SHARED_WITHIN_MS)
    return found
  }
}

/** Everybody who waited for an artifact gives its file a name of their own as soon as it is there. */
const SHARED_WITHIN_MS = 1000

async function ask(way: Way, hash: string, keys: readonly KeyObject[]): Promise<Found> {
  const turn = await way.gate.enter()
  if (turn === undefined) return { kind: 'not asked' }
  try {
    const found = await fetchOne(way, { hash, keys, signal: turn.signal })
    way.gate.good()
    return found
  } catch (error) {
    const fault = faultOf(error)
    if (fault.kind === 'given up') return { kind: 'not asked' }
    // A disk of this machine says nothing about the cache.
    if (fault.kind !== 'disk failed' && fault.kind !== 'answer too large') way.gate.bad()
    return { kind: 'fault', fault }
  } finally {
    turn.leave()
  }
}

interface Wanted {
  readonly hash: string
  readonly keys: readonly KeyObject[]
  readonly signal: AbortSignal
}

async function fetchOne(way: Way, { hash, keys, signal }: Wanted): Promise<Found> {
  const asked = await askAuthorized(way, (authorization) => getArtifact(way, { hash, authorization, signal }))
  if (asked.kind === 'denied') return asked
  const { response } = asked
  if (response.statusCode === 200) return verified(way, { hash, response, keys })
  response.resume()
  if (response.statusCode === 404) return { kind: 'miss' }
  if (response.statusCode === 403 && response.headers[HEADERS.reason] === 'forbidden') {
    const reason = 'this token may not read here'
    way.session.deny(reason)
    return { kind: 'denied', reason }
  }
  throw faultOfStatus(response)
}

async function verified(
  { settings, folder }: Way,
  { hash, response, keys }: { readonly hash: string; readonly response: IncomingMessage; readonly keys: readonly KeyObject[] },
): Promise<Found> {
  const most = settings.limits.artifactMiB * 1024 * 1024
  const bounds = { most, inMemory: IN_MEMORY, stall: BOUNDS.stall, length: lengthOf(response) }
  const spooled = await spool(response, folder, bounds)
  const header = (name: string): string | undefined => {
    const value = response.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const verdict = judge({ hash, digest: spooled.digest, size: spooled.size }, header, { workspace: settings.workspace, keys })
  const isGood = verdict === 'good' || (verdict === 'unknown' && (await isArchive(spooled)))
  if (!isGood) {
    await spooled.drop()
    throw new Fault(verdict === 'unknown' ? 'not an artifact' : verdict)
  }
  const duration = header(HEADERS.duration)
  return {
    kind: 'hit',
    spooled,
    durationMs: duration !== undefined && /^\d{1,12}$/u.test(duration) ? Number(duration) : undefined,
  }
}

type Asked =
  | { readonly kind: 'answered'; readonly response: IncomingMessage }
  | { readonly kind: 'denied'; readonly reason: string }

/**
 * Sends a request with the credential of the session, and once more with a new one where that had become too old.
 *
 * @throws Fault
 */
export async function askAuthorized(
  { session }: Pick<Way, 'session'>,
  request: (authorization: string | undefined) => Promise<IncomingMessage>,
): Promise<Asked> {
  let access = await session.access()
  for (const isLast of [false, true]) {
    if (access.kind === 'fault') throw access.fault
    if (access.kind === 'denied') return access
    const response = await request(access.authorization)
    const reason = response.headers[HEADERS.reason]
    if (reason === 'expired' && !isLast) {
      response.resume()
      access = await session.renew(access.authorization)
      continue
    }
    if (response.statusCode !== 401 && reason !== 'expired') return { kind: 'answered', response }
    response.resume()
    const denied = deniedReason(session.state().credential, reason === 'expired')
    session.deny(denied)
    return { kind: 'denied', reason: denied }
  }
  throw new Fault('unexpected answer')
}

function deniedReason(credential: string, isExpired: boolean): string {
  if (isExpired) return 'the token has expired'
  return credential === 'none' ? 'the cache asks for a token, and there is none' : 'the cache does not know the token'
}

/** What an answer that is neither bytes nor a miss means. */
export function faultOfStatus({ statusCode = 0 }: IncomingMessage): Fault {
  if (statusCode === 429 || statusCode === 503) return new Fault('overloaded', `status ${statusCode}`)
  return new Fault(statusCode >= 500 ? 'server error' : 'unexpected answer', `status ${statusCode}`)
}

interface Question {
  readonly hash: string
  readonly authorization: string | undefined
  readonly signal?: AbortSignal
}

async function getArtifact({ settings, agents }: Way, { hash, authorization, signal }: Question): Promise<IncomingMessage> {
  return send(agents, new URL(artifactUrl(settings, hash)), {
    method: 'GET',
    headers: {
      accept: 'application/octet-stream',
      [HEADERS.strict]: '1',
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(signal === undefined ? {} : { signal }),
  })
}

/** Tries whether the cache is back, while nobody waits for it. */
export async function probe(way: Way, hash: string): Promise<void> {
  try {
    const access = await way.session.access()
    if (access.kind === 'fault') throw access.fault
    const response = await getArtifact(way, { hash, authorization: access.kind === 'open' ? access.authorization : undefined })
    response.destroy()
    if ((response.statusCode ?? 500) >= 500 || response.statusCode === 429) throw faultOfStatus(response)
    way.gate.good(true)
  } catch {
    way.gate.bad()
  }
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const { 'content-length': length } = headers
  return length === undefined ? undefined : Number(length)
}
