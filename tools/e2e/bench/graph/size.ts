import type { Column } from './columns.ts'
import { countLocks } from './lock-counts.ts'
import { lockPackageJson, lockPolyglot } from './locks.ts'
import { projectsOf } from './projects.ts'
import { takeRound, type Round } from './rounds.ts'
import { ROWS, type ColumnResult, type LockCount, type Row, type Sample } from './rows.ts'
import { createWorkspace, type Setup, type Workspace } from './workspace.ts'

export interface SizeOptions {
  readonly size: number
  readonly repeat: number
  readonly rows: readonly Row[]
  readonly columns: readonly Column[]
  readonly env: Setup['env']
  /** node_modules of a column, or why there are none. */
  readonly modulesOf: (column: Column) => Promise<string | undefined>
  readonly log: (message: string) => void
}

interface Running {
  readonly column: Column
  readonly setup: Setup
  workspace: Workspace | undefined
  failure: string | undefined
  readonly rounds: Round[]
}

/** Measures every column at one size, the columns in turn within each repetition. */
export async function measureSize(options: SizeOptions): Promise<{ results: ColumnResult[]; locks: LockCount[] }> {
  const { size, repeat, rows, columns, env, log } = options
  const projects = projectsOf(size)
  const polyglot = await lockPolyglot(projects, env)
  const bare = columns.some((column) => !column.polyglot) ? await lockPackageJson(projects, env) : polyglot
  const running: Running[] = columns.map((column) => ({
    column,
    setup: { projects, locked: column.polyglot ? polyglot : bare, modules: undefined, env, primed: rows.includes('run') },
    workspace: undefined,
    failure: undefined,
    rounds: [],
  }))
  const locks: LockCount[] = []
  try {
    for (const one of running) {
      await attempt(one, async () => {
        log(`${size} ${one.column.key}: preparing`)
        one.workspace = await createWorkspace(one.column, { ...one.setup, modules: await options.modulesOf(one.column) })
      })
    }
    for (let serial = 1; serial <= repeat; serial++) {
      for (const one of running) {
        await attempt(one, async (workspace) => {
          log(`${size} ${one.column.key}: repetition ${serial}`)
          one.rounds.push(await takeRound(one.column, workspace as Workspace, { serial, setup: one.setup, rows }))
        })
      }
    }
    for (const one of running.filter(({ column }) => !column.daemon)) {
      await attempt(one, async (workspace) => {
        locks.push(...(await countLocks(one.column, workspace as Workspace, { projects, polyglot })))
      })
    }
    return { results: running.map((one) => resultOf(one, size)), locks }
  } finally {
    for (const { workspace } of running) workspace?.dispose()
  }
}

/** Does one step of a column; the first failure ends the column and is what its cells say. */
async function attempt(one: Running, step: (workspace: Workspace | undefined) => Promise<void>): Promise<void> {
  if (one.failure !== undefined) return
  try {
    await step(one.workspace)
  } catch (error) {
    one.failure = reasonOf(error)
  }
}

/** One line without what would break a table. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').slice(0, 200)
}

function resultOf({ column, failure, rounds }: Running, size: number): ColumnResult {
  const samples = Object.fromEntries(
    (Object.keys(ROWS) as Row[]).map((row) => [row, rounds.flatMap((round): Sample[] => (round[row] ? [round[row]] : []))]),
  )
  return { key: column.key, size, failure, samples }
}
