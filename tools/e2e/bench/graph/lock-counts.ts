import type { Column } from './columns.ts'
import { measure } from './measure.ts'
import { EXTERNALS } from './projects.ts'
import type { LockCount } from './rows.ts'
import { checkout, commit, type Setup, type Workspace } from './workspace.ts'
import { writeFiles } from './write-files.ts'

const BUMPS = { 'Cargo.lock': EXTERNALS.rust, 'uv.lock': EXTERNALS.python } as const

/** Commits the bump of one package per lock file and compares what the column selects with what cargo and uv say. */
export async function countLocks(column: Column, workspace: Workspace, { projects, polyglot }: Counted): Promise<LockCount[]> {
  const counts: LockCount[] = []
  for (const lock of ['Cargo.lock', 'uv.lock'] as const) {
    const { bumped, from, to } = BUMPS[lock]
    const right = new Set(polyglot.reached[lock])
    const fixed = { key: column.key, size: projects.length, lock, bump: `${bumped} ${from} → ${to}`, expected: right.size }
    if (!column.polyglot) {
      counts.push({ ...fixed, selected: `not run (no ${lock} in this workspace)`, missed: 0, extra: 0 })
      continue
    }
    await checkout(workspace.cwd, workspace.head)
    column.settle(workspace)
    writeFiles(workspace.cwd, { [lock]: polyglot.bumped[lock] ?? '' })
    await commit(workspace.cwd, `bump in ${lock}`)
    const selected = new Set(column.selected(measure(column.affected(workspace.cwd, workspace.head), workspace).stdout))
    counts.push({
      ...fixed,
      selected: selected.size,
      missed: [...right].filter((name) => !selected.has(name)).length,
      extra: [...selected].filter((name) => !right.has(name)).length,
    })
  }
  return counts
}

interface Counted {
  readonly projects: Setup['projects']
  readonly polyglot: Setup['locked']
}
