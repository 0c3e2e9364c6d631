import type { Readable } from 'node:stream'
import type { Reason } from '@interlock/cache/wire'
import type { Grant } from '../../core/access.ts'
import type { Entry, Tool } from '../../core/entry.ts'
import type { Parts } from './parts.ts'

export type Lookup<Found> =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'absent'; readonly reason: Extract<Reason, 'absent' | 'quarantined'> }

export interface Opened {
  readonly entry: Entry
  readonly body: Readable | Uint8Array
}

/** What a lookup needs of the server. */
export type LookupParts = Pick<Parts, 'audit' | 'log' | 'signatures' | 'store'>

/** The first live entry in the order of the grant, opened. A row whose bytes are gone is as good as no row. */
export async function openArtifact(parts: LookupParts, wanted: Wanted): Promise<Lookup<Opened>> {
  return lookUp(parts, wanted, async (entry) => {
    const body = await parts.store.read(entry)
    return body === undefined ? undefined : { entry, body }
  })
}

/** The first live entry in the order of the grant, by its row alone. */
export async function findArtifact(parts: LookupParts, wanted: Wanted): Promise<Lookup<Entry>> {
  return lookUp(parts, wanted, async (entry) => entry)
}

export interface Wanted {
  readonly grant: Grant
  readonly tool: Tool
  readonly hash: string
}

async function lookUp<Found>(
  parts: LookupParts,
  { grant, tool, hash }: Wanted,
  take: (entry: Entry) => Promise<Found | undefined>,
): Promise<Lookup<Found>> {
  let reason: 'absent' | 'quarantined' = 'absent'
  for (const scope of grant.read) {
    const entry = await parts.store.find({ workspace: grant.workspace, tool, scope, hash })
    if (entry === undefined) continue
    if (entry.state !== 'live') {
      reason = 'quarantined'
      continue
    }
    const verdict = parts.signatures.judge(entry)
    if (verdict === 'genuine') {
      const found = await take(entry)
      if (found !== undefined) return { kind: 'found', found }
    } else await reject(parts, entry, verdict)
  }
  return { kind: 'absent', reason }
}

/** A row from before there was a key goes; a row with a wrong signature stays, out of reach, for who wants to know more. */
async function reject({ store, audit, log }: LookupParts, entry: Entry, verdict: 'unsigned' | 'wrong'): Promise<void> {
  if (verdict === 'unsigned') {
    await store.remove([entry])
    return
  }
  await store.setState([entry], 'quarantined')
  const { workspace, tool, scope, hash, digest } = entry
  log.warn({ workspace, scope, digest }, 'a row of the index has a wrong signature')
  await audit.append({ kind: 'quarantine', workspace, detail: { cause: 'wrong-signature', tool, scope, hash, digest } })
}
