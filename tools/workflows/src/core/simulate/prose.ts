import type { Mode } from './control-flow.ts'
import type { JobReport, LegReport, StepReport, WorkflowReport } from './report.ts'

/** What is told of one workflow. */
export function workflowProse({ file, jobs, unused, verdict }: WorkflowReport, mode: Mode): string {
  return [
    file,
    ...jobs.flatMap(jobLines),
    ...unused.map((line) => `  ${line}`),
    ...standInLines(jobs, mode),
    `  ${verdict.green ? 'green' : 'red'}: ${verdict.reason}`,
  ].join('\n')
}

function jobLines({ id, result, reason, legs }: JobReport): string[] {
  if (legs.length === 0) return [line({ result, name: id, reason })]
  return legs.flatMap((leg) => [
    line({ result: leg.outcome, name: leg.name, reason: reasonOf(leg, result) }),
    ...leg.steps.filter(({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled').flatMap(tailLines),
  ])
}

/** A failure that counts as a success for everything after it has to be seen. */
function reasonOf({ outcome, reason }: LegReport, result: JobReport['result']): string | undefined {
  return outcome === 'failure' && result === 'success' ? `${reason ?? ''}; continue-on-error makes it a success` : reason
}

const WIDTH = 'cancelled'.length

function line({
  result,
  name,
  reason,
}: {
  readonly result: string
  readonly name: string
  readonly reason: string | undefined
}): string {
  const told = result === 'success' || reason === undefined ? '' : `: ${reason}`
  return `  ${(result === 'success' && reason !== undefined ? 'success' : result).padEnd(WIDTH)}  ${name}${told}`
}

function tailLines({ tail, steps = [] }: StepReport): string[] {
  return [
    ...(tail ?? '')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => `    | ${text}`),
    ...steps.flatMap(tailLines),
  ]
}

/** What did not run, so that nobody takes the result for a test of it. */
function standInLines(jobs: readonly JobReport[], mode: Mode): string[] {
  const steps = jobs.flatMap(({ legs }) => legs.flatMap((leg) => leg.steps.flatMap(flat)))
  const standIns = steps.filter((step) => step.mode === 'stand-in' && step.steps === undefined)
  const commands = standIns.filter(isCommand)
  const actions = standIns.filter((step) => !isCommand(step))
  const unchecked = new Set(actions.filter(({ note }) => note?.startsWith('inputs not checked') === true).map(({ what }) => what))
  const ran = steps.filter((step) => step.mode === 'real' && step.steps === undefined).length
  return [
    `  ${count(ran, 'command')} ran, ${count(actions.length, 'action')} had a stand-in${mode === 'control-flow' ? `, and ${count(commands.length, 'command')} did not run: this tests the control flow alone` : ''}`,
    ...[...unchecked].map((action) => `  not checked: the inputs of ${action}`),
  ]
}

function isCommand({ note }: StepReport): boolean {
  return note?.startsWith('not run') === true
}

function flat(step: StepReport): readonly StepReport[] {
  return [step, ...(step.steps ?? []).flatMap(flat)]
}

function count(number: number, what: string): string {
  return `${number} ${number === 1 ? what : `${what}s`}`
}
