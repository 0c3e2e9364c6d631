/** What is measured, in the order in which it happens. */
export const ROWS = {
  cold: 'graph, cold',
  warm: 'graph, warm',
  source: 'graph after a source edit',
  manifest: 'graph after a manifest edit',
  lock: 'graph after a lock edit',
  affected: 'affected list',
  plan: 'ci plan of the same',
  run: 'fully cached run',
} as const

export type Row = keyof typeof ROWS

/** What one command cost, with all processes that it started and with the daemon that served it. */
export interface Sample {
  /** Seconds. */
  readonly user: number
  readonly system: number
  readonly wall: number
  /** MiB: the largest process of the command plus the daemon's peak. */
  readonly memory: number
}

/** Samples of one column at one size, or why there are none. */
export interface ColumnResult {
  readonly key: string
  readonly size: number
  readonly failure: string | undefined
  readonly samples: Readonly<Partial<Record<Row, readonly Sample[]>>>
}

/** How many projects a column selects when only one lock file changed. */
export interface LockCount {
  readonly key: string
  readonly size: number
  readonly lock: 'Cargo.lock' | 'uv.lock'
  readonly bump: string
  /** Projects that reach the bumped package, as cargo and uv say. */
  readonly expected: number
  readonly selected: number | string
  readonly missed: number
  readonly extra: number
}

export interface Report {
  readonly date: string
  /** The command that made it. */
  readonly command: string
  readonly machine: readonly string[]
  readonly repeat: number
  /** What else the machine had to do: the load average before and after. */
  readonly load: readonly string[]
  /** Key → title with versions. */
  readonly columns: Readonly<Record<string, string>>
  readonly sizes: readonly number[]
  readonly results: readonly ColumnResult[]
  readonly locks: readonly LockCount[]
}
