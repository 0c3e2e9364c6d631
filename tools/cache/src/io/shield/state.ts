import { performance } from 'node:perf_hooks'
import { isAlive } from '@interlock/kit/system'
import type { ShieldSettings } from '../../core/settings.ts'
import { createAgents } from '../agents.ts'
import { createReader, type Found, type Way } from '../artifacts.ts'
import { createGatekeeper } from '../gatekeeper.ts'
import { createSession, type SessionState } from '../session.ts'
import { createUploads, type UploadCounts, type Uploads } from '../uploads.ts'

const MIB = 1024 * 1024

/** What a shield says about itself to who knows its secret: nothing of it is one. */
export interface ShieldStatus {
  readonly pid: number
  readonly url: string
  readonly workspace: string | undefined
  readonly breaker: 'closed' | 'open'
  readonly faults: number
  readonly session: SessionState
  readonly uploadsWaiting: number
  readonly uploadsRefused: string | undefined
  readonly runs: number
}

/** Everything that a shield does between two connections. */
export interface Shield {
  readonly way: Way
  readonly uploads: Uploads
  readonly read: (hash: string) => Promise<Found>
  /** Why an upload of this length is not even taken. */
  readonly refusal: (length: number) => string | undefined
  readonly register: (body: unknown) => object
  readonly flush: (body: unknown) => Promise<UploadCounts>
  readonly status: () => ShieldStatus
  /** Somebody asked for something. */
  readonly seen: () => void
  /** Milliseconds since somebody did, and how many processes that registered a run are alive. */
  readonly idle: () => { readonly milliseconds: number; readonly parents: number }
  readonly close: () => void
}

export function createShield(settings: ShieldSettings, folder: string | undefined): Shield {
  const now = (): number => performance.now()
  const agents = createAgents(settings.proxy)
  const session = createSession(settings, agents, now)
  const way: Way = { settings, agents, session, folder, gate: createGatekeeper(now) }
  const uploads = createUploads(way)
  const read = createReader(way)
  const runs = new Map<string, number>()
  let seenAt = now()

  // The exchange is on its way before the first question comes.
  void session.access()
  return {
    way,
    uploads,
    read,
    refusal: (length) => {
      if (!settings.uploads) return 'uploads are off'
      if (length > settings.limits.artifactMiB * MIB) return 'too large'
      if (uploads.waitingBytes() + length > settings.limits.spoolMiB * MIB) return 'too many uploads waiting'
      const { granted, denied, credential } = session.state()
      if (credential === 'none') return 'no token'
      if (granted !== undefined && granted.write === null) return 'read-only'
      return denied ?? uploads.refusal()
    },
    register: (body) => {
      const { run, pid } = body as { readonly run: string; readonly pid: number }
      runs.set(run, pid)
      return {}
    },
    flush: async (body) => {
      const { run, milliseconds } = body as { readonly run: string; readonly milliseconds: number }
      const counts = await uploads.flush(run, milliseconds)
      runs.delete(run)
      return counts
    },
    status: () => ({
      pid: process.pid,
      url: settings.url,
      workspace: settings.workspace,
      breaker: way.gate.breaker().openUntil === undefined ? 'closed' : 'open',
      faults: way.gate.breaker().faults,
      session: session.state(),
      uploadsWaiting: uploads.waiting(),
      uploadsRefused: uploads.refusal(),
      runs: runs.size,
    }),
    seen: () => void (seenAt = now()),
    idle: () => {
      for (const [run, pid] of runs) if (!isAlive(pid)) runs.delete(run)
      return { milliseconds: now() - seenAt, parents: runs.size }
    },
    close: agents.close,
  }
}
