import type { Workflow } from './model.ts'

/** An event as GitHub Actions would start a run with it. */
export interface SimulatedEvent {
  /** `pull_request` */
  readonly name: string
  /** `refs/pull/7/merge`: what the run checks out. */
  readonly ref: string
  readonly sha: string
  readonly actor: string
  readonly payload: Readonly<Record<string, unknown>>
  /** Files that the event changes; `undefined` where that is not known. */
  readonly changedFiles: readonly string[] | undefined
  /** Configuration variables; reading another one is an error. */
  readonly variables: Readonly<Record<string, string>>
  /** What actions that are not run here put out, by the name of their repository. */
  readonly actionOutputs: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** The value at a path of a payload; `undefined` where it is not there. */
export function payloadAt(payload: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return (value as Readonly<Record<string, unknown>>)[key]
  }, payload)
}

/** The same where it is a text. */
export function textAt(payload: unknown, path: string): string | undefined {
  const value = payloadAt(payload, path)
  return typeof value === 'string' ? value : undefined
}

/** The event as one workflow gets it: a schedule that it has, and its inputs with their defaults. */
export function eventFor({ schedules, dispatchInputs }: Workflow, event: SimulatedEvent): SimulatedEvent {
  const { name, payload } = event
  if (name === 'schedule' && payload['schedule'] === undefined)
    return { ...event, payload: { schedule: schedules[0], ...payload } }
  if (name !== 'workflow_dispatch') return event
  const given = payload['inputs']
  return { ...event, payload: { ...payload, inputs: { ...dispatchInputs, ...(typeof given === 'object' ? given : {}) } } }
}
