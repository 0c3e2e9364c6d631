import { type AuditLine, GENESIS, type Head, readLine, type RetentionClass } from './audit.ts'

/** The first place at which a chain is not what it was. */
export interface Break {
  readonly file: string
  /** From 1; 0 when a whole file, or what came after its last line, is missing. */
  readonly line: number
  readonly reason: string
}

/** What the permanent chain says of the others: where they stood once, and up to where they were removed. */
export interface Witness {
  readonly retention: RetentionClass
  readonly head: Head
  /** `checkpoint`: everything up to the head was removed by retention. `anchor`: the head was there. */
  readonly kind: 'anchor' | 'checkpoint'
}

/** Follows one chain, line by line. */
export interface ChainReader {
  /** The line, or where the chain breaks. */
  readonly next: (text: string, place: { readonly file: string; readonly line: number }) => AuditLine | Break
  /** The head after the last line; `undefined` when there was none. */
  readonly head: () => Head | undefined
  /** What the witnesses miss at the end. */
  readonly end: (file: string) => Break | undefined
}

/** A chain begins at its genesis, or right after what a checkpoint says was removed. */
export function chainReader(retention: RetentionClass, witnesses: readonly Witness[]): ChainReader {
  const own = witnesses.filter((witness) => witness.retention === retention)
  const removed = own.filter(({ kind }) => kind === 'checkpoint').map(({ head }) => head)
  const anchors = new Map(own.filter(({ kind }) => kind === 'anchor').map(({ head }) => [head.seq, head.digest]))
  let head: Head | undefined

  const next: ChainReader['next'] = (text, place) => {
    const line = readLine(text)
    if ('broken' in line) return { ...place, reason: line.broken }
    const before = head ?? [GENESIS, ...removed].find(({ seq, digest }) => seq === line.seq - 1 && digest === line.previous)
    if (before === undefined) return { ...place, reason: `what stood before line number ${line.seq} is missing` }
    if (line.seq !== before.seq + 1) return { ...place, reason: `it has number ${line.seq}, and ${before.seq + 1} has to follow` }
    if (line.previous !== before.digest) return { ...place, reason: 'it follows another line than the one before it' }
    const anchor = anchors.get(line.seq)
    if (anchor !== undefined && anchor !== line.digest) return { ...place, reason: 'another line had this number once' }
    head = { seq: line.seq, digest: line.digest }
    return line
  }
  const end: ChainReader['end'] = (file) => {
    const known = Math.max(head?.seq ?? 0, ...removed.map(({ seq }) => seq))
    const missing = Math.max(0, ...anchors.keys())
    return missing > known
      ? { file, line: 0, reason: `lines up to number ${missing} were there, and end at ${known}` }
      : undefined
  }
  return { next, head: () => head, end }
}

/** The witnesses that a line of the permanent chain holds. */
export function witnessesOf({ kind, detail }: AuditLine): readonly Witness[] {
  if (kind !== 'anchor' && kind !== 'checkpoint') return []
  const { class: retention, seq, last } = detail
  if (typeof retention !== 'string' || typeof seq !== 'number' || typeof last !== 'string') return []
  return [{ kind, retention: retention as RetentionClass, head: { seq, digest: last } }]
}
