import { InterlockError } from '@interlock/kit'
import type { EventFilter, Job, LocalAction, RunDefaults, Step, Workflow } from './model.ts'
import { actionSchema, type RawDefaults, type RawFilter, type RawJob, type RawStep, workflowSchema } from './schema.ts'
import { parseYamlFile, type SourceFile, unknownName } from './yaml-document.ts'

/**
 * Reads a workflow. A key that is not simulated is a fault, because what it changes is not known here.
 *
 * @throws InterlockError `CONFIG_INVALID` with file, line and reason.
 */
export function parseWorkflow(source: SourceFile): Workflow {
  const raw = parseYamlFile(source, workflowSchema)
  const defaults = defaultsOf(raw.defaults)
  const jobs = Object.entries(raw.jobs).map(([id, job]) => jobOf({ id, file: source.file }, job, defaults))
  if (jobs.length === 0) throw new InterlockError('CONFIG_INVALID', 'jobs: has no job', { file: source.file })
  expectOrder(source.file, jobs)
  const { schedule = [], workflow_dispatch: dispatch, ...events } = raw.on
  const on = new Map(Object.entries(events).map(([name, filter]): [string, EventFilter] => [name, filterOf(filter)]))
  if (schedule.length > 0) on.set('schedule', {})
  if (dispatch !== undefined) on.set('workflow_dispatch', {})
  return {
    file: source.file,
    name: raw.name ?? source.file,
    on,
    schedules: schedule.map(({ cron }) => cron),
    dispatchInputs: Object.fromEntries(
      Object.entries(dispatch?.inputs ?? {}).map(([name, input]) => [name, input?.default ?? '']),
    ),
    env: raw.env ?? {},
    concurrency: raw.concurrency,
    jobs,
  }
}

/** Reads the action.yml of an action of this repository. Throws as `parseWorkflow` does. */
export function parseAction(source: SourceFile): LocalAction {
  const raw = parseYamlFile(source, actionSchema)
  const steps = (raw.runs.steps ?? []).map((step, index) => stepOf({ at: `runs.steps[${index}]`, file: source.file }, step))
  return {
    file: source.file,
    using: raw.runs.using,
    inputs: Object.fromEntries(Object.entries(raw.inputs ?? {}).map(([name, input]) => [name, input?.default])),
    outputs: Object.fromEntries(Object.entries(raw.outputs ?? {}).map(([name, output]) => [name, output.value ?? ''])),
    steps,
  }
}

function jobOf({ id, file }: { readonly id: string; readonly file: string }, raw: RawJob, defaults: RunDefaults): Job {
  return {
    id,
    name: raw.name,
    needs: raw.needs ?? [],
    if: raw.if,
    runsOn: raw['runs-on'],
    concurrency: raw.concurrency,
    outputs: raw.outputs ?? {},
    env: raw.env ?? {},
    defaults: { ...defaults, ...defaultsOf(raw.defaults) },
    steps: raw.steps.map((step, index) => stepOf({ at: `jobs.${id}.steps[${index}]`, file }, step)),
    timeoutMinutes: raw['timeout-minutes'],
    matrix: raw.strategy?.matrix,
    failFast: raw.strategy?.['fail-fast'],
    continueOnError: raw['continue-on-error'],
  }
}

function stepOf(place: { readonly at: string; readonly file: string }, raw: RawStep): Step {
  const { run, uses } = raw
  if ((run === undefined) === (uses === undefined)) {
    const message = `${place.at}: has to have one of run and uses`
    throw new InterlockError('CONFIG_INVALID', message, { file: place.file })
  }
  return {
    id: raw.id,
    name: raw.name,
    if: raw.if,
    work:
      uses === undefined
        ? { kind: 'run', script: run ?? '', shell: raw.shell, workingDirectory: raw['working-directory'] }
        : { kind: 'uses', action: uses, with: raw.with ?? {} },
    env: raw.env ?? {},
    continueOnError: raw['continue-on-error'],
    timeoutMinutes: raw['timeout-minutes'],
  }
}

function defaultsOf(raw: RawDefaults | undefined): RunDefaults {
  const { shell, 'working-directory': workingDirectory } = raw?.run ?? {}
  return { ...(shell === undefined ? {} : { shell }), ...(workingDirectory === undefined ? {} : { workingDirectory }) }
}

function filterOf(raw: unknown): EventFilter {
  const filter = (raw ?? {}) as RawFilter
  return {
    branches: filter['branches'],
    branchesIgnore: filter['branches-ignore'],
    tags: filter['tags'],
    tagsIgnore: filter['tags-ignore'],
    paths: filter['paths'],
    pathsIgnore: filter['paths-ignore'],
    types: filter['types'],
  }
}

/** Every need is a job, and no job waits for itself. */
function expectOrder(file: string, jobs: readonly Job[]): void {
  const known = jobs.map(({ id }) => id)
  for (const { id, needs } of jobs) {
    const missing = needs.find((need) => !known.includes(need))
    if (missing !== undefined) {
      throw unknownName(file, `jobs.${id}.needs: there is no job ${JSON.stringify(missing)}`, { name: missing, known })
    }
  }
  const done = new Set<string>()
  let open: readonly Job[] = jobs
  while (open.length > 0) {
    const next = open.filter(({ needs }) => !needs.every((need) => done.has(need)))
    if (next.length === open.length) {
      throw new InterlockError('CONFIG_INVALID', `jobs: ${open.map(({ id }) => id).join(', ')} wait for each other`, { file })
    }
    for (const { id } of open.filter((job) => !next.includes(job))) done.add(id)
    open = next
  }
}
