import type { Row, Rows } from '../../../core/journal/rows.ts'
import type { Blobs } from './blobs.ts'
import type { DiskEvent } from './events.ts'
import type { Journal } from './journal.ts'
import type { Layout } from './layout.ts'
import type { Memory } from './memory.ts'
import type { Serial } from './serial.ts'
import type { Durability } from './sync.ts'

/** What the operations of one open store share. */
export interface Parts {
  readonly layout: Layout
  readonly durability: Durability
  readonly rows: Rows
  readonly journal: Journal
  readonly blobs: Blobs
  readonly memory: Memory
  /** Changes of one key, one after the other. Never entered from within `byDigest`. */
  readonly byKey: Serial
  /** Changes of one blob, together with the rows that decide whether it is needed. */
  readonly byDigest: Serial
  /** Rows whose last use is not in the journal yet. */
  readonly touched: Set<Row>
  readonly now: () => number
  readonly onEvent: (event: DiskEvent) => void
}
