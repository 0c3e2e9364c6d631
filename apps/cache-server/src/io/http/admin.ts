import { z } from 'zod'
import type { Grant } from '../../core/access.ts'
import type { Entry } from '../../core/entry.ts'
import type { AdminKind } from '../../core/http/route.ts'
import { isSpecific, purgeRequest, quarantineRequest, type Selection, selects } from '../../core/http/selection.ts'
import { type Call, refuse, sendJson, sendText } from './answer.ts'
import { authorize } from './authorize.ts'
import { block, isBlockKey } from './blocked.ts'
import { smallText } from './body.ts'
import type { Parts } from './parts.ts'

const METHODS: Readonly<Record<AdminKind, string>> = { divergences: 'GET', purge: 'POST', quarantine: 'POST' }
const MAX_BYTES = 64 * 1024
/** As many entries as an answer lists; it counts all of them. */
const LISTED = 1000

/** The requests of who runs a workspace: what was written is looked up, put aside or taken away. */
export async function answerAdmin(
  parts: Parts,
  call: Call,
  place: { readonly kind: AdminKind; readonly workspace: string | undefined },
): Promise<void> {
  const { kind, workspace } = place
  const { drain: limits } = parts.limits
  const authorized = await authorize(parts, call.request.headers.authorization, workspace)
  if (authorized.kind === 'refused') return refuse(call, { operation: 'put', reason: authorized.reason, limits })
  const { grant } = authorized
  if (!grant.admin) {
    parts.metrics.denied('forbidden')
    await parts.audit.append({
      kind: 'deny',
      workspace: grant.workspace,
      detail: { reason: 'forbidden', request: kind, rule: grant.rule },
    })
    return refuse(call, { operation: 'put', reason: 'forbidden', limits })
  }
  if (call.request.method !== METHODS[kind])
    return sendText(call, 405, { text: METHODS[kind], headers: { allow: METHODS[kind] } })
  switch (kind) {
    case 'divergences':
      return sendJson(call, 200, { value: await parts.guard.divergences(grant.workspace) })
    case 'purge':
      return purge(parts, call, grant)
    case 'quarantine':
      return quarantine(parts, call, grant)
  }
}

async function purge(parts: Parts, call: Call, grant: Grant): Promise<void> {
  const asked = await read(parts, call, purgeRequest)
  if (asked === undefined) return
  const found = await select(parts, asked, grant)
  const report = reportOf(asked, found)
  if (asked.dryRun) return sendJson(call, 200, { value: { ...report, blocked: 0 } })
  const digests = new Set(asked.block ? found.map(({ digest }) => digest) : [])
  // First the block: bytes that are taken away must not come back in between.
  for (const digest of digests) await block(parts.store, { workspace: grant.workspace, digest, now: parts.now() })
  // What came in between, or has the same bytes under another name, goes too.
  const same = digests.size === 0 ? [] : await entriesOf(parts, grant, ({ digest }) => digests.has(digest))
  const changed = await parts.store.remove([...found, ...same])
  parts.guard.removed(changed)
  parts.metrics.evicted('purge', changed.length)
  await note(parts, grant, { kind: 'purge', asked, changed: changed.length, blocked: digests.size })
  sendJson(call, 200, { value: { ...report, changed: changed.length, blocked: digests.size } })
}

async function quarantine(parts: Parts, call: Call, grant: Grant): Promise<void> {
  const asked = await read(parts, call, quarantineRequest)
  if (asked === undefined) return
  const state = asked.release ? 'live' : 'quarantined'
  const found = (await select(parts, asked, grant)).filter((entry) => entry.state !== state)
  const report = reportOf(asked, found)
  if (asked.dryRun) return sendJson(call, 200, { value: report })
  const changed = await parts.store.setState(found, state)
  await note(parts, grant, { kind: 'quarantine', asked, changed: changed.length })
  sendJson(call, 200, { value: { ...report, changed: changed.length } })
}

/** The body as a schema has it; where it does not fit, the answer is given and nothing returned. */
async function read<Request extends Selection>(
  parts: Pick<Parts, 'limits'>,
  call: Call,
  schema: z.ZodType<Request>,
): Promise<Request | undefined> {
  const parsed = schema.safeParse(jsonOf(await smallText(call.request, { ...parts.limits.drain, bytes: MAX_BYTES })))
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.join('.')}: ${message}`,
    )
    sendJson(call, 400, { value: { error: 'bad-request', problems } })
    return undefined
  }
  if (isSpecific(parsed.data)) return parsed.data
  const problems = ['name a criterion, or "everything": true, and not both']
  sendJson(call, 400, { value: { error: 'bad-request', problems } })
  return undefined
}

async function select(parts: Parts, asked: Selection, grant: Grant): Promise<readonly Entry[]> {
  return entriesOf(parts, grant, selects(asked, grant.workspace))
}

async function entriesOf({ store }: Parts, { workspace }: Grant, isWanted: (entry: Entry) => boolean): Promise<readonly Entry[]> {
  const found: Entry[] = []
  for await (const entry of store.entries()) {
    if (entry.workspace === workspace && !isBlockKey(entry) && isWanted(entry)) found.push(entry)
  }
  return found
}

interface AdminReport {
  readonly dryRun: boolean
  readonly matched: number
  readonly bytes: number
  /** How many entries were changed. */
  readonly changed: number
  readonly entries: readonly object[]
}

function reportOf({ dryRun }: Selection, found: readonly Entry[]): AdminReport {
  return {
    dryRun,
    matched: found.length,
    bytes: found.reduce((sum, { size }) => sum + size, 0),
    changed: 0,
    entries: found.slice(0, LISTED).map(({ tool, scope, hash, digest, size, created, state, writer }) => ({
      tool,
      scope,
      hash,
      digest,
      size,
      created,
      state,
      writer,
    })),
  }
}

async function note(
  { audit, log }: Parts,
  { workspace, rule, writer }: Grant,
  { kind, asked, ...counts }: { kind: 'purge' | 'quarantine'; asked: Selection; changed: number; blocked?: number },
): Promise<void> {
  log.warn({ workspace, ...counts }, `${kind} by an administrator`)
  await audit.append({ kind, workspace, detail: { rule, ...writer, selection: JSON.stringify(asked), ...counts } })
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
