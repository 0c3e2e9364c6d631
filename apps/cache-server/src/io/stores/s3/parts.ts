import type { Names } from '../../../core/bucket/names.ts'
import type { Client } from './client.ts'
import type { S3Event } from './events.ts'
import type { Fitness } from './fitness.ts'
import type { Objects } from './objects.ts'
import type { Rows } from './rows.ts'
import type { StagingArea } from './staging.ts'
import type { Timing } from './timing.ts'
import type { Upload } from './upload.ts'
import type { Uses } from './uses.ts'

/** What a store is made of. */
export interface Parts {
  readonly client: Client
  readonly objects: Objects
  readonly rows: Rows
  readonly names: Names
  readonly fitness: Fitness
  readonly area: StagingArea
  readonly upload: Upload
  readonly uses: Uses
  readonly timing: Timing
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly onEvent: (event: S3Event) => void
}
