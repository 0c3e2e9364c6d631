import type { IncomingMessage } from 'node:http'
import { Fault, faultOf, noCacheText, reasonOf } from '../core/fault.ts'
import { artifactUrl } from '../core/settings.ts'
import { HEADERS } from '../wire.ts'
import { askAuthorized, faultOfStatus, probe, type Way } from './artifacts.ts'
import { BOUNDS, send } from './request.ts'
import type { Spooled } from './spool.ts'

/** What became of the uploads of one run. */
export interface UploadCounts {
  readonly done: number
  readonly bytes: number
  /** The cache had them already. */
  readonly duplicate: number
  /** Given up, by reason. */
  readonly dropped: Readonly<Record<string, number>>
  /** Accepted, and neither sent nor given up yet. */
  readonly waiting: number
}

/** Uploads that nobody waits for. */
export interface Uploads {
  readonly add: (run: string, hash: string, spooled: Spooled) => void
  /** Bytes that wait. */
  readonly waitingBytes: () => number
  readonly waiting: () => number
  /** Whether this cache takes nothing from this session, and why. */
  readonly refusal: () => string | undefined
  readonly counts: (run: string) => UploadCounts
  /** Resolves when nothing of the run waits any more, or the time is over, or the cache is not asked at present. */
  readonly flush: (run: string, milliseconds: number) => Promise<UploadCounts>
}

interface Item {
  readonly run: string
  readonly hash: string
  readonly spooled: Spooled
}

interface Mutable {
  done: number
  bytes: number
  duplicate: number
  dropped: Record<string, number>
  waiting: number
}

const AT_ONCE = 4
/** The cache writes, checks and publishes before it answers; nobody waits meanwhile. */
const UPLOAD_BOUNDS = { ...BOUNDS, firstByte: 30_000, stall: 30_000 }
const ATTEMPTS = 3

export function createUploads(way: Way): Uploads {
  const queue: Item[] = []
  const byRun = new Map<string, Mutable>()
  let [running, bytes, refusal]: [number, number, string | undefined] = [0, 0, undefined]
  const listeners = new Set<() => void>()

  const countsOf = (run: string): Mutable => {
    const counts = byRun.get(run) ?? { done: 0, bytes: 0, duplicate: 0, dropped: {}, waiting: 0 }
    byRun.set(run, counts)
    return counts
  }
  const settle = (item: Item, result: UploadResult): void => {
    const counts = countsOf(item.run)
    counts.waiting -= 1
    bytes -= item.spooled.size
    if (result.kind === 'done') [counts.done, counts.bytes] = [counts.done + 1, counts.bytes + item.spooled.size]
    else if (result.kind === 'duplicate') counts.duplicate += 1
    else counts.dropped[result.reason] = (counts.dropped[result.reason] ?? 0) + 1
    if (result.kind === 'refused') refusal = result.reason
    void item.spooled.drop()
    for (const listener of listeners) listener()
  }
  const pump = (): void => {
    while (running < AT_ONCE && queue.length > 0) {
      const item = queue.shift() as Item
      running += 1
      void carry(item)
    }
  }
  const carry = async (item: Item): Promise<void> => {
    const result = await upload(way, item, refusal)
    running -= 1
    settle(item, result)
    pump()
  }
  return {
    add: (run, hash, spooled) => {
      countsOf(run).waiting += 1
      bytes += spooled.size
      queue.push({ run, hash, spooled })
      pump()
    },
    waitingBytes: () => bytes,
    waiting: () => queue.length + running,
    refusal: () => refusal,
    counts: countsOf,
    flush: async (run, milliseconds) => {
      const counts = countsOf(run)
      await new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer)
          listeners.delete(check)
          resolve()
        }
        const check = (): void => {
          if (counts.waiting === 0) end()
        }
        const timer = setTimeout(end, milliseconds)
        listeners.add(check)
        check()
      })
      return structuredClone(counts)
    },
  }
}

type UploadResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'dropped'; readonly reason: string }
  /** Nothing of this session will be taken. */
  | { readonly kind: 'refused'; readonly reason: string }

async function upload(way: Way, item: Item, refusal: string | undefined): Promise<UploadResult> {
  if (refusal !== undefined) return { kind: 'dropped', reason: refusal }
  for (let attempt = 1; ; attempt += 1) {
    // A cache that is known to be ill gets no upload, so that no run waits for it at its end.
    const admission = way.gate.admission()
    if (admission === 'probe') void probe(way, item.hash)
    if (admission !== 'go') return { kind: 'dropped', reason: 'the cache was not asked' }
    try {
      const result = await put(way, item)
      way.gate.good()
      return result
    } catch (error) {
      const fault = faultOf(error)
      if (fault.kind === 'disk failed') return { kind: 'dropped', reason: fault.kind }
      way.gate.bad()
      if (attempt === ATTEMPTS) return { kind: 'dropped', reason: fault.kind }
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt))
  }
}

async function put(way: Way, { hash, spooled }: Item): Promise<UploadResult> {
  const asked = await askAuthorized(way, async (authorization) => putArtifact(way, { hash, spooled, authorization }))
  if (asked.kind === 'denied') return { kind: 'refused', reason: asked.reason }
  const { response } = asked
  response.resume()
  const { statusCode = 0, headers } = response
  const reason = reasonOf(headers)
  if (statusCode >= 200 && statusCode < 300) return { kind: 'done' }
  if (statusCode === 409) return { kind: 'duplicate' }
  if (statusCode === 403 && (reason === undefined || reason === 'forbidden')) return { kind: 'refused', reason: 'read-only' }
  if (statusCode === 403 || statusCode === 413 || statusCode === 400)
    return { kind: 'dropped', reason: reason ?? `status ${statusCode}` }
  // A cache that knows no more of a name than this takes it; who refuses the very path is none.
  if (statusCode === 404 && reason === undefined) return { kind: 'dropped', reason: noCacheText(404, 'an upload') }
  if (statusCode === 404) throw new Fault('unexpected answer', 'status 404')
  throw faultOfStatus(response)
}

async function putArtifact(
  { settings, agents }: Way,
  { hash, spooled, authorization }: Pick<Item, 'hash' | 'spooled'> & { readonly authorization: string | undefined },
): Promise<IncomingMessage> {
  return send(agents, new URL(artifactUrl(settings, hash)), {
    method: 'PUT',
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': spooled.size,
      [HEADERS.digest]: spooled.digest,
      [HEADERS.strict]: '1',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: spooled.read,
    bounds: UPLOAD_BOUNDS,
  })
}
