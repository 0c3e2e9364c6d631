import { type Break, type ChainReader, chainReader, type Witness, witnessesOf } from '../core/audit-chain.ts'
import { type AuditLine, type Head, type RetentionClass } from '../core/audit.ts'
import { auditFiles, linesOf, tailOf } from './audit-files.ts'

/** What an audit is found to be. */
export interface AuditReport {
  readonly files: number
  readonly lines: number
  /** The end of each chain that has lines. Kept elsewhere, it shows later that nothing was cut off. */
  readonly heads: Readonly<Partial<Record<RetentionClass, Head>>>
  /** The first break of each chain, the permanent one first. */
  readonly breaks: readonly Break[]
}

/** Ends of chains, as an earlier report gave them. */
export type Heads = AuditReport['heads']

/**
 * Follows every chain of a folder from its beginning, and past the heads that were kept elsewhere. Throws what the file system
 * throws when it cannot be read.
 */
export async function verifyAudit(folder: string, kept: Heads = {}): Promise<AuditReport> {
  const files = await auditFiles(folder)
  const witnesses: Witness[] = Object.entries(kept).map(([retention, head]) => ({
    kind: 'anchor',
    retention: retention as RetentionClass,
    head,
  }))
  const heads: Partial<Record<RetentionClass, Head>> = {}
  const breaks: Break[] = []
  let lines = 0
  for (const retention of ['permanent', '1-year', '90-days'] as const) {
    const reader = chainReader(retention, witnesses)
    const read = (line: AuditLine): void => {
      lines += 1
      if (retention === 'permanent') witnesses.push(...witnessesOf(line))
    }
    const last = files[retention].at(-1)
    const found = (await follow(reader, { folder, files: files[retention] }, read)) ?? reader.end(last ?? folder)
    if (found !== undefined) breaks.push(found.file === last ? await orUnfinished(found, folder) : found)
    const head = reader.head()
    if (head !== undefined) heads[retention] = head
  }
  return { files: Object.values(files).flat().length, lines, heads, breaks }
}

/** Reads files of one chain up to the first break. */
export async function follow(
  reader: ChainReader,
  { folder, files }: { readonly folder: string; readonly files: readonly string[] },
  read: (line: AuditLine) => void,
): Promise<Break | undefined> {
  for (const file of files) {
    for await (const { text, line } of linesOf(folder, file)) {
      const found = reader.next(text, { file, line })
      if ('reason' in found) return found
      read(found)
    }
  }
  return undefined
}

/** A line without its end, at the end of the last file, is what a killed server leaves: it was never acknowledged. */
async function orUnfinished(found: Break, folder: string): Promise<Break> {
  const { torn } = await tailOf(folder, found.file)
  if (torn === 0 || found.line === 0) return found
  let last = 0
  for await (const { line } of linesOf(folder, found.file)) last = line
  const reason = 'was never finished: the server cuts it off, and writes that down, when it starts'
  return found.line === last ? { ...found, reason } : found
}
