import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { type Base, describeBase, short } from '../core/base.ts'
import { failedTestsText } from '../core/failed-tests.ts'
import { runWarnings } from '../core/hook-checks.ts'
import { nxWords } from '../core/nx-words.ts'
import { PLAN_VARIABLE } from '../core/run-plan.ts'
import { durationOfTask, type RunReport, type TaskReport, taskWithoutResult, totalsLine, totalsOf } from '../core/run-report.ts'
import { renderTable, savedBy, withMeasured } from '../core/run-report-table.ts'
import { diskStateIfListed, staleOnDisk } from '../io/disk-state.ts'
import { type NxEnd, runNx, statusOfEnd } from '../io/nx-run.ts'
import { plannedTasks } from '../io/planned-tasks.ts'
import { askForReport, readDurations, readRefusal, readRunReport, writeDurations } from '../io/run-report.ts'
import { type Choice, choiceOf, PROJECTS_VARIABLE } from './chosen-projects.ts'
import { namesOption } from './options.ts'
import { baseOrAll } from './resolve-base.ts'
import { warnWhenWide } from './warn-when-wide.ts'

/** `interlock affected`: runs real Nx on what the base says, then prints a table and the sum of all tests on the last line. */
export async function runAffected(invocation: Invocation): Promise<Outcome> {
  const targets = namesOption(invocation, 'targets')
  const choice = choiceOf(invocation)
  const flags = nxFlags(invocation.rest, choice)
  const base = await baseOrAll(invocation)
  announce(base, targets, invocation)
  warnWhenWide(base, invocation.env)
  warn(invocation)
  const command = [...nxWords(base, targets, choice?.projects), ...flags]
  const { end, report, refusal } = await runReported(command, invocation)
  if (end.kind === 'signalled') return interrupted(end, report)
  if (refusal !== undefined) throw refusal
  if (report === undefined) {
    throw new InterlockError('NX_FAILED', `nx ended with status ${end.status} and left no report: no task can be called done`, {
      hint: 'the reason stands above; "interlock doctor" checks the workspace',
    })
  }
  const tasks =
    end.status === 0 ? report.tasks : [...report.tasks, ...(await tasksWithoutResult(command, report, invocation.root))]
  const known = readDurations(invocation.root)
  writeDurations(invocation.root, withMeasured(known, tasks))
  return outcomeOf({ base, targets, flags, tasks, known, nxStatus: end.status, choice, cache: report.cache })
}

function announce(base: Base, targets: readonly string[], { json }: Invocation): void {
  const [first = '', second = ''] = describeBase(base).split('\n')
  const stream = json ? process.stderr : process.stdout
  stream.write(`${targets.join(', ')} of ${base.kind === 'everything' ? first : `what changed since ${first}`}: ${second}\n`)
}

/**
 * Says what Nx's own hook would say: with a daemon that ends in the log of the daemon. A manifest that cannot be read ends
 * the command here, with its own error and status; where there is no git, Nx has to find it.
 */
function warn({ root, env }: Invocation): void {
  const state = diskStateIfListed(root)
  if (state === undefined) return
  const { cacheDirectory } = state.nxJson
  for (const warning of runWarnings({ stale: staleOnDisk(state), cacheDirectory, env }))
    process.stderr.write(`interlock: ${warning}\n`)
}

/** What is compared and what runs is decided here; a second voice in Nx's own flags could only make it less. */
function nxFlags(rest: readonly string[], choice: Choice | undefined): readonly string[] {
  const decided = rest.find((word) =>
    /^(?:-[pt]|--(?:all|base|explain|files|graph|head|projects|targets?|uncommitted|untracked))(?:=|$)/u.test(word),
  )
  if (decided !== undefined) {
    throw new InterlockError(
      'USAGE',
      `${decided} cannot follow "--": the command itself decides what is compared and what runs`,
      {
        hint: 'interlock affected --help',
      },
    )
  }
  const excluded = choice === undefined ? undefined : rest.find((word) => /^--exclude(?:=|$)/u.test(word))
  if (excluded === undefined) return rest
  throw new InterlockError('USAGE', `${choice?.from} and ${excluded} both choose projects`, { hint: 'leave one of them out' })
}

interface ReportedRun {
  readonly end: NxEnd
  readonly report: RunReport | undefined
  /** Why the plugin let nothing run. */
  readonly refusal: InterlockError | undefined
}

async function runReported(args: readonly string[], { root, json }: Invocation): Promise<ReportedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-'))
  try {
    const file = join(folder, 'run-report.json')
    // The base is decided; what the environment names would only be asked again, or refused.
    const env = { ...askForReport(file, root), NX_BASE: undefined, NX_HEAD: undefined, [PLAN_VARIABLE]: undefined }
    const end = await runNx(args, { root, env, stdoutTaken: json })
    return { end, report: readRunReport(file), refusal: readRefusal(file) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Nx reports no result for a task whose dependency failed, so the plan is asked for once more. It is an addition to a run
 * that has failed already: when Nx cannot give it, the table is only shorter.
 */
async function tasksWithoutResult(command: readonly string[], report: RunReport, root: string): Promise<TaskReport[]> {
  const reported = new Set(report.tasks.map((task) => task.id))
  const planned = await plannedTasks(root, command).catch(() => undefined)
  return (planned?.tasks ?? []).filter((task) => !reported.has(task.id)).map((task) => taskWithoutResult(task.id, task.target))
}

interface Finished {
  readonly base: Base
  readonly targets: readonly string[]
  /** Flags of Nx that were passed on. */
  readonly flags: readonly string[]
  readonly tasks: readonly TaskReport[]
  readonly known: Readonly<Record<string, number>>
  readonly nxStatus: number
  readonly choice: Choice | undefined
  readonly cache: RunReport['cache']
}

function outcomeOf({ base, targets, flags, tasks, known, nxStatus, choice, cache }: Finished): Outcome {
  // A plan gave these projects to this machine because they have work.
  const isPlanned = choice?.from === PROJECTS_VARIABLE
  const totals = totalsOf(tasks)
  const isEmpty = tasks.length === 0 && (base.kind === 'everything' || isPlanned)
  const green = totals.green && nxStatus === 0 && !isEmpty
  const rows = tasks.map((task) => ({ ...task, durationMs: durationOfTask(task), savedMs: savedBy(task, known) }))
  const body = tasks.length === 0 ? nothingToDo(base, targets, narrowedBy(choice, flags)) : renderTable(tasks, known)
  const failed = failedTestsText(tasks)
  const disagreement = [
    ...(totals.green && nxStatus !== 0 ? [`nx ended with status ${nxStatus} although no task failed: the run is not green`] : []),
    ...(isPlanned && tasks.length === 0
      ? [`${PROJECTS_VARIABLE} gives this machine work, and there is none: the run is not green`]
      : []),
  ]
  return {
    status: green ? EXIT.done : EXIT.checkFailed,
    prose: [
      '',
      body,
      '',
      ...(failed === '' ? [] : [failed, '']),
      ...(cache === undefined ? [] : [cache.line]),
      ...disagreement,
      totalsLine(totals),
    ].join('\n'),
    data: {
      green,
      base,
      totals: { passed: totals.passed, failed: totals.failed, skipped: totals.skipped },
      tasks: rows,
      cache: cache?.summary,
    },
  }
}

/** The words of the command that leave projects out. */
function narrowedBy(choice: Choice | undefined, flags: readonly string[]): readonly string[] {
  return choice === undefined ? flags.filter((flag) => /^--exclude(?:=|$)/u.test(flag)) : [choice.from, ...choice.projects]
}

function nothingToDo(base: Base, targets: readonly string[], narrowed: readonly string[]): string {
  const what = targets.join(', ')
  if (narrowed.length > 0) {
    return `no work: ${narrowed.join(' ')} leaves no affected project with a task for ${what}`
  }
  return base.kind === 'everything'
    ? `no work: no project has a task for ${what}`
    : `no work because nothing is affected: no input of ${what} changed since ${short(base.commit)} (${base.reason})`
}

function interrupted(end: NxEnd & { readonly kind: 'signalled' }, report: RunReport | undefined): Outcome {
  const finished = report?.tasks.filter((task) => task.outcome === 'passed').length ?? 0
  return {
    status: statusOfEnd(end),
    prose: `\nstopped by ${end.signal}: the run is not finished`,
    data: { green: false, stoppedBy: end.signal, finishedTasks: finished },
  }
}
