import { stripVTControlCharacters } from 'node:util'
import type { CacheReport } from '@interlock/cache/hook'
import { InterlockError } from '@interlock/kit'
import { failedTests } from './failed-tests.ts'
import { addCounts, countAllTests, countTests, NO_COUNTS, type TestCounts } from './test-counts.ts'

/** What became of one task. Only `passed` is green. */
export type TaskOutcome = 'passed' | 'failed' | 'no tests' | 'not run' | 'skipped'

/** One task of a finished run. Times are milliseconds since the epoch. */
export interface TaskReport {
  readonly id: string
  readonly project: string
  readonly target: string
  readonly hash: string | undefined
  readonly outcome: TaskOutcome
  readonly cached: boolean
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  /** What the test runner said; `undefined` when the task printed no summary of tests. */
  readonly tests: TestCounts | undefined
  /** What a failed task named as failed; absent where it named nothing. */
  readonly failures?: readonly string[]
}

/** What the plugin writes at the end of a run, for the command that started Nx. */
export interface RunReport {
  readonly version: 1
  readonly startedAt: number
  readonly endedAt: number
  readonly tasks: readonly TaskReport[]
  /** What the remote cache did; absent where the run had none. */
  readonly cache?: CacheReport
}

/** The part of Nx's `PostTasksExecutionContext` that a report is made of. */
export interface FinishedRun {
  readonly startTime: number
  readonly endTime: number
  readonly taskResults: Readonly<Record<string, FinishedTask>>
  readonly cache?: CacheReport
}

export interface FinishedTask {
  readonly task: {
    readonly id: string
    readonly target: TaskTarget
    readonly hash?: string | undefined
    readonly startTime?: number | undefined
    readonly endTime?: number | undefined
  }
  readonly status: string
  readonly terminalOutput?: string | undefined
}

export interface TaskTarget {
  readonly project: string
  readonly target: string
  readonly configuration?: string | undefined
}

const CACHED = new Set(['local-cache', 'local-cache-kept-existing', 'remote-cache'])

/** The report of a run. Pure: the same context gives the same report. */
export function reportOf(run: FinishedRun): RunReport {
  const tasks = Object.values(run.taskResults).map(taskReport)
  const cache = run.cache === undefined ? {} : { cache: run.cache }
  return { version: 1, startedAt: run.startTime, endedAt: run.endTime, tasks, ...cache }
}

/**
 * Reads a report back.
 *
 * @throws InterlockError `NX_FAILED` when the text is not a report of this version.
 */
export function parseRunReport(text: string): RunReport {
  try {
    const report = JSON.parse(text) as RunReport
    if (report.version === 1 && Array.isArray(report.tasks)) return report
  } catch (cause) {
    throw new InterlockError('NX_FAILED', 'the report of the run is damaged', { cause, hint: 'run the command again' })
  }
  throw new InterlockError('NX_FAILED', 'the report of the run has a version that this command does not know', {
    hint: 'install versions of @interlock/nx and @interlock/cli that belong together',
  })
}

/** A task that Nx planned but has no result for: something it depends on failed, or the run was stopped. */
export function taskWithoutResult(id: string, target: TaskTarget): TaskReport {
  const nothing = { hash: undefined, cached: false, startedAt: undefined, endedAt: undefined, tests: undefined }
  return { id, project: target.project, target: targetName(target), outcome: 'skipped', ...nothing }
}

/** Tests that passed, failed and were skipped over all runners of a run, and whether anything stands in the way of green. */
export interface RunTotals extends TestCounts {
  readonly green: boolean
}

/**
 * The sum over all test runners, for cached tasks as well. A task that failed adds 1 to `failed` unless its own runner
 * already counted a failure, so that a red run never says `0 failed`.
 */
export function totalsOf(tasks: readonly TaskReport[]): RunTotals {
  const counts = tasks.map(countsOf).reduce(addCounts, NO_COUNTS)
  return { ...counts, green: tasks.every((task) => task.outcome === 'passed') }
}

/** `N passed, N failed, N skipped` */
export function totalsLine(totals: TestCounts): string {
  return `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`
}

/** Milliseconds that a task took; `undefined` when Nx measured nothing. */
export function durationOfTask(task: TaskReport): number | undefined {
  return task.startedAt === undefined || task.endedAt === undefined ? undefined : Math.max(0, task.endedAt - task.startedAt)
}

function countsOf(task: TaskReport): TestCounts {
  const counts = task.tests ?? NO_COUNTS
  const isFailure = task.outcome !== 'passed' && task.outcome !== 'skipped'
  return isFailure && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

function taskReport({ task, status, terminalOutput }: FinishedTask): TaskReport {
  const output = stripVTControlCharacters(terminalOutput ?? '')
  const outcome = outcomeOf(status, output)
  const failures = outcome === 'failed' ? failedTests(output) : []
  return {
    id: task.id,
    project: task.target.project,
    target: targetName(task.target),
    hash: task.hash,
    outcome,
    cached: CACHED.has(status),
    startedAt: task.startTime,
    endedAt: task.endTime,
    tests: countAllTests(output),
    ...(failures.length === 0 ? {} : { failures }),
  }
}

/** How the shells that run a plain command say that its program is not there: dash, bash, zsh, cmd. */
const SHELL_MISSES_PROGRAM =
  /^(?:[\w./-]*sh: (?:line )?\d+: [^\s:]+: (?:command )?not found|zsh:\d+: command not found: \S+|'[^']+' is not recognized as an internal or external command,.*)$/mu

/** `test`, or `test:coverage` where a configuration makes it another task. */
function targetName({ target, configuration }: TaskTarget): string {
  return configuration === undefined ? target : `${target}:${configuration}`
}

function outcomeOf(status: string, output: string): TaskOutcome {
  if (status === 'success' || CACHED.has(status)) return nodeRanNothing(output) ? 'no tests' : 'passed'
  if (status === 'skipped') return 'skipped'
  if (status === 'failure') {
    if (/^(?:TOOL_MISSING|not run): /mu.test(output) || SHELL_MISSES_PROGRAM.test(output)) return 'not run'
    return /^(?:NO_TESTS: |no tests\b)/mu.test(output) ? 'no tests' : 'failed'
  }
  // "stopped", and whatever a later Nx may add: the work was not done.
  return 'not run'
}

/** `node --test` ends well when it found nothing, and a script of package.json has no executor that would say so. */
function nodeRanNothing(output: string): boolean {
  const counts = countTests('node', output) === undefined ? undefined : countAllTests(output)
  return counts !== undefined && counts.passed + counts.failed === 0
}
