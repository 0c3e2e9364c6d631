import type { Entry, EntryKey } from '../entry.ts'
import { keyText } from '../key.ts'
import type { JournalRecord } from './record.ts'

/** A row with the time of its last use. */
export interface Row {
  entry: Entry
  used: number
}

/** The index in memory: what the journal's records add up to. */
export interface Rows {
  readonly get: (key: EntryKey) => Row | undefined
  readonly size: () => number
  /** How many rows need the bytes of a digest. */
  readonly references: (digest: string) => number
  readonly all: () => IterableIterator<Row>
  readonly apply: (record: JournalRecord) => void
}

export function createRows(): Rows {
  const rows = new Map<string, Row>()
  const references = new Map<string, number>()

  const count = (digest: string, step: 1 | -1): void => {
    const next = (references.get(digest) ?? 0) + step
    if (next === 0) references.delete(digest)
    else references.set(digest, next)
  }
  const put = (entry: Entry, used: number): void => {
    const text = keyText(entry)
    const earlier = rows.get(text)
    if (earlier !== undefined) count(earlier.entry.digest, -1)
    count(entry.digest, 1)
    rows.set(text, { entry, used })
  }
  const remove = (key: EntryKey): void => {
    const text = keyText(key)
    const row = rows.get(text)
    if (row === undefined) return
    rows.delete(text)
    count(row.entry.digest, -1)
  }

  return {
    get: (key) => rows.get(keyText(key)),
    size: () => rows.size,
    references: (digest) => references.get(digest) ?? 0,
    all: () => rows.values(),
    apply: (record) => {
      switch (record.op) {
        case 'put':
          return put(record.entry, record.used)
        case 'remove':
          return remove(record.key)
        case 'state': {
          const row = rows.get(keyText(record.key))
          if (row !== undefined) row.entry = { ...row.entry, state: record.state }
          return undefined
        }
        case 'used':
          for (const [key, at] of record.uses) {
            const row = rows.get(keyText(key))
            if (row !== undefined) row.used = Math.max(row.used, at)
          }
          return undefined
        case 'format':
          return undefined
      }
    },
  }
}
