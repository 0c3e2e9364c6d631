import { mkdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { InterlockError } from '@interlock/kit'
import type { Audit } from '../core/access.ts'
import { chainReader, type Witness, witnessesOf } from '../core/audit-chain.ts'
import { type AuditLine, GENESIS, type Head, readLine, RETENTION_CLASSES, type RetentionClass } from '../core/audit.ts'
import { type AuditChain, type AuditOptions, createAuditChain } from './audit-append.ts'
import { auditFiles, tailOf } from './audit-files.ts'
import { overFiles } from './audit-retention.ts'
import { follow } from './audit-verify.ts'
import { lockDirectory } from './stores/disk/lock.ts'

export interface AuditFolder extends Audit {
  /** Writes that the policy changed, when the digest is not the one that was written last. */
  readonly notePolicy: (digest: string) => Promise<void>
}

/**
 * Opens the audit of a folder for this process alone; throws `CACHE_STORE_LOCKED` when another one has it.
 *
 * A line that a killed process left unfinished is cut off, and that is written down. What retention is over for is removed,
 * after the permanent chain says up to where. Where a chain does not end in a line of its own, nothing is written:
 * `CACHE_AUDIT_BROKEN`.
 */
export async function openAudit({ folder, clock }: AuditOptions): Promise<AuditFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await lockDirectory(join(folder, 'lock'), folder)
  try {
    const audit = await openChains(folder, clock)
    return { ...audit, close: async () => audit.close().finally(async () => lock.release()) }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openChains(folder: string, clock: () => number): Promise<AuditFolder> {
  const cuts = await cutUnfinished(folder)
  const permanent = await readPermanent(folder)
  let { policy } = permanent
  const heads = await headsOf(folder, permanent.witnesses)
  const chain = createAuditChain({ folder, clock, heads })
  const retire = async (): Promise<void> => retireFiles({ folder, clock, chain })
  const anchor = async (): Promise<void> => {
    for (const retention of ['1-year', '90-days'] as const) {
      const { seq, digest } = chain.head(retention)
      if (seq > 0) await chain.append({ kind: 'anchor', detail: { class: retention, seq, last: digest } })
    }
  }
  for (const { file, torn } of cuts) await chain.append({ kind: 'cut', detail: { file, bytes: torn } })
  await retire()
  await anchor()

  let month = monthOf(clock())
  const append: Audit['append'] = async (event) => {
    await chain.append(event)
    if (event.kind === 'policy-change') policy = String(event.detail['digest'])
    if (monthOf(clock()) === month) return
    month = monthOf(clock())
    await retire()
    await anchor()
  }
  return {
    append,
    notePolicy: async (digest) => {
      if (digest !== policy) await append({ kind: 'policy-change', detail: { digest, before: policy ?? '' } })
    },
    close: async () => anchor().finally(async () => chain.close()),
  }
}

function monthOf(time: number): string {
  return new Date(time).toISOString().slice(0, 7)
}

/** Cuts what has no line break at its end: appended lines have one, and nobody was told that this one is there. */
async function cutUnfinished(folder: string): Promise<readonly { readonly file: string; readonly torn: number }[]> {
  const files = await auditFiles(folder)
  const cuts: { file: string; torn: number }[] = []
  for (const retention of RETENTION_CLASSES) {
    const file = files[retention].at(-1)
    if (file === undefined) continue
    const { torn, whole } = await tailOf(folder, file)
    if (torn === 0) continue
    await truncate(join(folder, file), whole)
    cuts.push({ file, torn })
  }
  return cuts
}

/** What the permanent chain knows; it is short, and read whole. */
async function readPermanent(
  folder: string,
): Promise<{ readonly witnesses: readonly Witness[]; readonly policy: string | undefined }> {
  const { permanent } = await auditFiles(folder)
  const witnesses: Witness[] = []
  let policy: string | undefined
  const found = await follow(chainReader('permanent', []), { folder, files: permanent }, (line: AuditLine) => {
    witnesses.push(...witnessesOf(line))
    if (line.kind === 'policy-change') policy = String(line.detail['digest'])
  })
  if (found !== undefined) throw broken(join(folder, `${found.file}:${found.line}`), found.reason)
  return { witnesses, policy }
}

/** The ends of the chains: their last lines, or what was removed last. */
async function headsOf(folder: string, witnesses: readonly Witness[]): Promise<Readonly<Record<RetentionClass, Head>>> {
  const files = await auditFiles(folder)
  const headOf = async (retention: RetentionClass): Promise<Head> => {
    for (const file of files[retention].toReversed()) {
      const { text } = await tailOf(folder, file)
      if (text === undefined) continue
      const line = readLine(text)
      if ('broken' in line) throw broken(join(folder, file), `the last line ${line.broken}`)
      return { seq: line.seq, digest: line.digest }
    }
    const known = witnesses.filter((witness) => witness.retention === retention).map(({ head }) => head)
    return known.reduce((last, head) => (head.seq >= last.seq ? head : last), GENESIS)
  }
  return { '1-year': await headOf('1-year'), '90-days': await headOf('90-days'), permanent: await headOf('permanent') }
}

/** Removes files whose time is over. The checkpoint comes first: a file that outlives it does no harm. */
async function retireFiles({ folder, clock, chain }: AuditOptions & { readonly chain: AuditChain }): Promise<void> {
  for (const { file, retention } of overFiles(await auditFiles(folder), clock())) {
    const { text } = await tailOf(folder, file)
    const line = text === undefined ? undefined : readLine(text)
    if (line !== undefined && 'broken' in line) throw broken(join(folder, file), `the last line ${line.broken}`)
    if (line !== undefined) {
      const detail = { class: retention, file, seq: line.seq, last: line.digest }
      await chain.append({ kind: 'checkpoint', detail })
    }
    await rm(join(folder, file))
  }
}

function broken(file: string, reason: string): InterlockError {
  return new InterlockError('CACHE_AUDIT_BROKEN', reason, {
    file,
    hint: 'keep this folder as evidence, see it with: interlock cache audit verify <folder>, and give the server an empty one',
  })
}
