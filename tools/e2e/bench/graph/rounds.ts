import { setTimeout as sleep } from 'node:timers/promises'
import type { Column } from './columns.ts'
import { beginUsage, settledUsage } from './daemon.ts'
import { editOf, type EditedRow } from './edits.ts'
import { type Command, type Finished, measure, measureServed } from './measure.ts'
import type { Row, Sample } from './rows.ts'
import { checkout, type Setup, type Workspace } from './workspace.ts'
import { writeFiles } from './write-files.ts'

/** Milliseconds in which a daemon hears of a changed file. */
const WATCHER = 500

/** One sample of each row of a column. */
export type Round = Readonly<Partial<Record<Row, Sample>>>

/** Takes every row of one column once. */
export async function takeRound(column: Column, workspace: Workspace, { serial, setup, rows }: Turn): Promise<Round> {
  const { cwd } = workspace
  const samples: Partial<Record<Row, Sample>> = {}
  const take = async (row: Row, command: Command, before: () => void = () => undefined): Promise<Finished | undefined> => {
    if (!rows.includes(row)) return undefined
    if (column.daemon) await settledUsage(beginUsage(cwd))
    const daemon = beginUsage(cwd)
    before()
    if (column.daemon) await sleep(WATCHER)
    const finished = column.daemon ? await measureServed(command, workspace, daemon) : measure(command, workspace)
    samples[row] = finished.sample
    return finished
  }
  const edited = async (row: EditedRow): Promise<void> => {
    await take(row, column.graph(cwd), () => writeFiles(cwd, editOf(row, serial, setup)))
  }

  column.forget(cwd)
  await take('cold', column.graph(cwd))
  await take('warm', column.graph(cwd))
  await edited('source')
  await edited('manifest')
  await edited('lock')
  await checkout(cwd, workspace.base)
  column.settle(workspace)
  await checkout(cwd, workspace.head)
  // A daemon takes the checked-out files in when it is asked next, which is no part of the list.
  measure(column.graph(cwd), workspace)
  await take('affected', column.affected(cwd, workspace.base))
  if (column.plan !== undefined) await take('plan', column.plan(cwd, workspace.base))
  column.settle(workspace)
  const ran = await take('run', column.run(cwd))
  if (ran !== undefined && !column.cached(ran.stdout, setup.projects.length))
    throw new Error(`not everything was cached: ${ran.stdout.slice(-300)}`)
  return samples
}

interface Turn {
  /** Makes the edits of each repetition new. */
  readonly serial: number
  readonly setup: Setup
  readonly rows: readonly Row[]
}
