import { actionRunsForReal } from '../../core/simulate/control-flow.ts'
import { PartlyKnown } from '../../core/simulate/context-data.ts'
import { interpolateAll, NotEvaluableError, type Scope } from '../../core/simulate/expression.ts'
import type { LocalAction, Work } from '../../core/simulate/model.ts'
import { standInFor } from '../../core/simulate/stand-in.ts'
import { type Frame, scopeOf } from './frame.ts'
import { localActionFolder, readLocalAction } from './local-action.ts'
import { runSteps, type StepEnd } from './run-steps.ts'

/** GitHub refuses actions that are nested deeper. */
const MOST_DEPTH = 10

interface Given {
  readonly scope: Scope
  readonly env: Readonly<Record<string, string>>
}

/** Runs an action of the repository; for any other one, compares what it is given with what it takes. */
export async function runAction(
  frame: Frame,
  { action, with: texts }: Extract<Work, { kind: 'uses' }>,
  given: Given,
): Promise<StepEnd> {
  const inputs = interpolateAll(texts, given.scope)
  const folder = localActionFolder(action)
  if (folder === undefined) return standIn(frame, action, inputs)
  const local = readLocalAction(frame.machine.simulation.workspace, folder)
  const unknown = Object.keys(inputs).find((name) => !Object.hasOwn(local.inputs, name))
  if (unknown !== undefined) throw new NotEvaluableError(`${local.file} has no input ${JSON.stringify(unknown)}`)
  if (local.using !== 'composite') {
    const why = `the action ${action} is not run here, as it is not composite`
    return {
      mode: 'stand-in',
      outcome: 'success',
      outputs: new PartlyKnown({}, why),
      note: `inputs checked; ${local.using} is not run`,
    }
  }
  return composite(frame, local, { folder, inputs, env: given.env })
}

function standIn(frame: Frame, action: string, inputs: Readonly<Record<string, string>>): StepEnd {
  const { repository, checked, fault } = standInFor(action, inputs)
  const known = frame.machine.simulation.event.actionOutputs[repository] ?? {}
  const outputs = new PartlyKnown(known, `${repository} is not run here, and the event does not say what it puts out`)
  if (fault !== undefined) return { mode: 'stand-in', outcome: 'failure', outputs, note: fault }
  return { mode: 'stand-in', outcome: 'success', outputs, note: checked }
}

async function composite(
  frame: Frame,
  local: LocalAction,
  {
    folder,
    inputs,
    env,
  }: { readonly folder: string; readonly inputs: Readonly<Record<string, string>>; readonly env: Given['env'] },
): Promise<StepEnd> {
  if (frame.depth >= MOST_DEPTH) throw new NotEvaluableError(`actions are nested deeper than ${MOST_DEPTH}`)
  const { github } = frame.contexts as { readonly github: Readonly<Record<string, unknown>> }
  const defaults = interpolateAll(Object.fromEntries(Object.entries(local.inputs).map(([name, value]) => [name, value ?? ''])), {
    contexts: { github },
  })
  const { secrets: _, ...contexts } = frame.contexts
  const actionPath = `${frame.machine.simulation.workspace}/${folder}`
  // Its own environment ends with the action; what it writes to GITHUB_ENV stays.
  const before = frame.machine.env
  frame.machine.env = { ...before, ...env }
  const inner: Frame = {
    machine: frame.machine,
    contexts: { ...contexts, github: { ...github, action_path: actionPath }, inputs: { ...defaults, ...inputs } },
    defaults: {},
    real: frame.real && actionRunsForReal(frame.machine.simulation.mode, local),
    depth: frame.depth + 1,
    steps: {},
    status: 'success',
  }
  const steps = await runSteps(inner, local.steps)
  const added = Object.entries(frame.machine.env).filter(([name, value]) => env[name] !== value || before[name] === value)
  frame.machine.env = { ...before, ...Object.fromEntries(added) }
  const bad = steps.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled')
  return {
    mode: steps.some(({ mode }) => mode === 'real') ? 'real' : 'stand-in',
    outcome: inner.status,
    outputs: interpolateAll(local.outputs, scopeOf(inner)),
    steps,
    ...(bad === undefined ? {} : { note: `its step ${JSON.stringify(bad.name)} ended with ${bad.conclusion}` }),
  }
}
