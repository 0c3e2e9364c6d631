import { deepValueOf, NotEvaluableError } from '../../core/simulate/expression.ts'
import { PartlyKnown } from '../../core/simulate/context-data.ts'
import { type Injection, injectionText, meansLeg } from '../../core/simulate/injection.ts'
import { type Leg, legName } from '../../core/simulate/matrix.ts'
import type { Job, Result, Workflow } from '../../core/simulate/model.ts'
import type { JobReport, LegReport, WorkflowReport } from '../../core/simulate/report.ts'
import { decideJob, type EndedJob, needsContext, nextJob, resultOfLegs } from '../../core/simulate/run.ts'
import { verdictOf } from '../../core/simulate/verdict.ts'
import { runnerContext } from './environment.ts'
import type { Simulation } from './frame.ts'
import { type LegEnd, runLeg } from './run-leg.ts'

export interface WorkflowInput {
  readonly workflow: Workflow
  readonly github: Readonly<Record<string, unknown>>
  readonly injections: readonly Injection[]
  /** Is told of each job when it has ended. */
  readonly onJob?: (job: JobReport) => void
}

/** Runs the jobs of a workflow one after the other, in an order that their needs allow. */
export async function runWorkflow(simulation: Simulation, input: WorkflowInput): Promise<WorkflowReport> {
  const { workflow, github } = input
  const contexts = {
    github,
    inputs: simulation.event.name === 'workflow_dispatch' ? simulation.event.payload['inputs'] : {},
    vars: new PartlyKnown(
      simulation.event.variables,
      'variables of the repository are on GitHub; the file of an event can give them',
    ),
  }
  const ended = new Map<string, EndedJob>()
  const reports: JobReport[] = []
  const used = new Set<Injection>()
  for (let job = nextJob(workflow, ended); job !== undefined; job = nextJob(workflow, ended)) {
    const report = await runJob(simulation, { ...input, job, contexts, ended, used })
    ended.set(job.id, report)
    reports.push(report)
    input.onJob?.(report)
  }
  return {
    file: workflow.file,
    ...concurrencyOf(workflow, contexts),
    jobs: workflow.jobs.flatMap(({ id }) => reports.filter((report) => report.id === id)),
    unused: input.injections
      .filter((injection) => !used.has(injection) && workflow.jobs.some(({ id }) => id === injection.job))
      .map((each) => unusedText(each, reports)),
    verdict: verdictOf(reports),
  }
}

interface JobInput extends WorkflowInput {
  readonly job: Job
  readonly contexts: Readonly<Record<string, unknown>>
  readonly ended: ReadonlyMap<string, EndedJob>
  /** Injections that changed a result so far. */
  readonly used: Set<Injection>
}

async function runJob(simulation: Simulation, input: JobInput): Promise<JobReport> {
  const { job, injections, used } = input
  const decision = decideJob(input)
  if (decision.kind === 'without') {
    const { result, reason, injected } = decision
    for (const injection of injections)
      if (injected && injection.job === job.id && injection.leg === undefined) used.add(injection)
    return { id: job.id, result, reason, outputs: {}, legs: [] }
  }
  const ends: LegEnd[] = []
  const stopped = (): LegEnd | undefined =>
    decision.failFast ? ends.find(({ report, forgiven }) => report.outcome === 'failure' && !forgiven) : undefined
  for (const leg of decision.legs) {
    const first = stopped()
    ends.push(
      first === undefined ? await endOf(simulation, input, { leg, failFast: decision.failFast }) : cancelledBy(first, job, leg),
    )
  }
  const result = resultOfLegs(ends.map(({ report, forgiven }) => (forgiven ? 'success' : report.outcome)))
  const bad = ends.find(({ report }) => report.outcome !== 'success')?.report
  return {
    id: job.id,
    result,
    ...(bad === undefined ? {} : { reason: `${bad.name}: ${bad.reason ?? bad.outcome}` }),
    outputs: Object.assign({}, ...ends.map(({ outputs }) => filled(outputs))) as Record<string, string>,
    legs: ends.map(({ report }) => report),
  }
}

async function endOf(
  simulation: Simulation,
  input: JobInput,
  { leg, failFast }: { readonly leg: Leg; readonly failFast: boolean },
): Promise<LegEnd> {
  const { job, workflow, contexts, ended, injections, used } = input
  const injection = injections.find((each) => each.job === job.id && each.leg !== undefined && meansLeg(each, leg))
  if (injection !== undefined) {
    used.add(injection)
    return without(job, leg, { outcome: injection.result, reason: `given with ${injectionText(injection)}` })
  }
  const github = { ...input.github, job: job.id }
  const all = { ...contexts, github, needs: needsContext(job, ended), secrets: {}, runner: runnerContext(simulation.variables) }
  return runLeg(simulation, { job, leg, workflow, contexts: all, failFast })
}

function cancelledBy(first: LegEnd, job: Job, leg: Leg): LegEnd {
  return without(job, leg, { outcome: 'cancelled', reason: `fail-fast: ${first.report.name} failed` })
}

function without(job: Job, leg: Leg, end: { readonly outcome: Result; readonly reason: string }): LegEnd {
  const name = legName(job.id, leg)
  const report: LegReport = { name, title: name, steps: [], ...end }
  return { report, outputs: {}, forgiven: false }
}

/** An output that one machine of a matrix leaves empty does not take away what another one gave. */
function filled(outputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== ''))
}

function concurrencyOf(
  { concurrency }: Workflow,
  contexts: Readonly<Record<string, unknown>>,
): { readonly concurrency?: unknown } {
  if (concurrency === undefined) return {}
  try {
    return { concurrency: deepValueOf(concurrency, { contexts }) }
  } catch (error) {
    if (error instanceof NotEvaluableError) return { concurrency: { fault: error.message } }
    throw error
  }
}

function unusedText(injection: Injection, reports: readonly JobReport[]): string {
  const report = reports.find(({ id }) => id === injection.job)
  const legs = report?.legs.map(({ name }) => name) ?? []
  const why =
    legs.length === 0
      ? `the job did not start: ${report?.reason ?? 'it never came to it'}`
      : `its machines are ${legs.join(', ')}`
  return `${injectionText(injection)} changed nothing: ${why}`
}
