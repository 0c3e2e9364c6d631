import type { Invocation, Outcome } from '@interlock/cli'
import { alignedRows, EXIT, InterlockError } from '@interlock/kit'
import {
  baseOrAll,
  describeBase,
  diskStateIfListed,
  expectKnownTargets,
  headCommit,
  namesOption,
  nxWords,
  plannedTasks,
  readDurations,
  warnWhenWide,
} from '@interlock/nx'
import { planHeader } from '@interlock/nx/run-plan'
import { estimator } from '../core/durations.ts'
import { PLAN_OUTPUT, TESTS_OUTPUT } from '../core/needs.ts'
import { expectedOf, matrixOf, MOST_SHARDS, type Plan, planRun, testTasks } from '../core/plan.ts'
import { addSummary, setOutputs, tableRow } from '../io/github.ts'

const DEFAULT_WALL_S = 300
const DEFAULT_SHARDS = 8

/** `interlock ci plan`: what a run of CI has to do, divided over jobs and machines. Nothing runs. */
export async function runPlan(invocation: Invocation): Promise<Outcome> {
  const { root, env, options } = invocation
  const targets = namesOption(invocation, 'targets')
  const wallMs = 1000 * numberOption(options, { name: 'wall', otherwise: DEFAULT_WALL_S, most: 24 * 60 * 60 })
  const maxShards = numberOption(options, { name: 'maxShards', otherwise: DEFAULT_SHARDS, most: MOST_SHARDS })
  const base = await baseOrAll(invocation)
  warnWhenWide(base, env)
  // A manifest that cannot be read ends the command here, with its own error and status.
  diskStateIfListed(root)
  const { tasks, tags, targets: known } = await plannedTasks(root, nxWords(base, targets))
  expectKnownTargets(targets, known)
  const plan = planRun({ tasks, targets, tags, estimate: estimator(readDurations(root)), wallMs, maxShards })
  const expected = { ...planHeader(base, await headCommit(root)), ...expectedOf(plan) }
  const matrices = Object.fromEntries(plan.jobs.map((job) => [job.id, matrixOf(job)]))
  // Where everything runs, nothing tells which of the tests are for the change.
  const tests = base.kind === 'commit' ? { [TESTS_OUTPUT]: testTasks(tasks) } : {}
  const outputs = { [PLAN_OUTPUT]: expected, ...tests, ...matrices }
  setOutputs(env, outputs)
  addSummary(env, summaryOf(plan, describeBase(base)))
  return { status: EXIT.done, prose: proseOf(plan, describeBase(base)), data: { base, targets, expected, matrices, ...plan } }
}

function numberOption(
  options: Invocation['options'],
  { name, otherwise, most }: { readonly name: string; readonly otherwise: number; readonly most: number },
): number {
  const value = options[name]
  if (value === undefined) return otherwise
  const number = typeof value === 'string' && /^[0-9]+$/u.test(value) ? Number(value) : 0
  if (number >= 1 && number <= most) return number
  const flag = name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)
  throw new InterlockError('USAGE', `--${flag} takes a whole number from 1 to ${most}, not ${JSON.stringify(value)}`)
}

const HEADINGS = ['job', 'machines', 'projects', 'longest'] as const

function rowsOf({ jobs }: Plan): string[][] {
  return jobs.map(({ id, shards }) => {
    const projects = shards.reduce((sum, shard) => sum + shard.projects.length, 0)
    const longest = Math.max(0, ...shards.map(({ ms }) => ms))
    return [
      id,
      shards.length === 0 ? 'empty' : String(shards.length),
      String(projects),
      shards.length === 0 ? '-' : seconds(longest),
    ]
  })
}

function proseOf(plan: Plan, base: string): string {
  return [base.replace('\n', ': '), '', ...alignedRows([HEADINGS, ...rowsOf(plan)]), '', measuredText(plan)].join('\n')
}

function summaryOf(plan: Plan, base: string): string {
  const table = [tableRow(HEADINGS), '|---|---|---|---|', ...rowsOf(plan).map(tableRow)]
  return ['### Plan', '', tableRow([base.replace('\n', ': ')]).slice(2, -2), '', ...table, '', measuredText(plan), ''].join('\n')
}

function measuredText({ tasks, measured }: Plan): string {
  if (tasks === 0) return 'no task runs'
  const count = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`
  return measured === tasks
    ? `${count}, all measured before`
    : `${count}, ${measured} of them measured before; the others are estimated`
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))} s`
}
