import { templateParts } from '../expressions/template.ts'
import { type Comment, commentsOf } from './comments.ts'
import type { Place } from './finding.ts'
import { type Uses, usesOf } from './uses.ts'
import { type Entry, entryAt, listOf, scalarsBelow, type Value, valueAt } from './value.ts'

/** What a file is to GitHub. */
export type DocumentKind = 'workflow' | 'action' | 'dependabot'

/** A file that was read, and everything in it that rules look at. */
export interface LintDocument {
  readonly file: string
  readonly kind: DocumentKind
  readonly text: string
  readonly root: Value
  /** By line. */
  readonly comments: ReadonlyMap<number, Comment>
  readonly placeOf: (offset: number) => Place
  readonly triggers: readonly Entry[]
  readonly jobs: readonly Job[]
  /** The steps of all jobs, or of a composite action. */
  readonly steps: readonly Step[]
  /** Every `uses`, of steps and of jobs. */
  readonly uses: readonly UsesPlace[]
}

export interface Job {
  readonly id: string
  /** Offset of the id. */
  readonly at: number
  readonly value: Value
  readonly needs: readonly string[]
  readonly steps: readonly Step[]
}

export interface Step {
  readonly value: Value
  /** None in a composite action. */
  readonly job: Job | undefined
  readonly uses: Uses | undefined
}

export interface UsesPlace {
  readonly value: Value
  readonly uses: Uses
  /** None where a job calls a workflow. */
  readonly step: Step | undefined
  readonly job: Job | undefined
}

export interface DocumentSource extends Pick<LintDocument, 'file' | 'kind' | 'text' | 'root' | 'placeOf'> {}

export function documentOf(source: DocumentSource): LintDocument {
  const { kind, root, text } = source
  const jobs = kind === 'workflow' ? (valueAt(root, 'jobs')?.entries ?? []).map(jobOf) : []
  const steps =
    kind === 'action'
      ? listOf(valueAt(root, 'runs', 'steps')).map((value) => stepOf(value, undefined))
      : jobs.flatMap((job) => job.steps)
  const called = jobs.flatMap((job): UsesPlace[] => {
    const value = valueAt(job.value, 'uses')
    return value === undefined ? [] : [{ value, uses: usesOf(value.text), step: undefined, job }]
  })
  const used = steps.flatMap((step): UsesPlace[] => {
    const value = valueAt(step.value, 'uses')
    return value === undefined || step.uses === undefined ? [] : [{ value, uses: step.uses, step, job: step.job }]
  })
  return { ...source, comments: commentsOf(text), triggers: triggersOf(root), jobs, steps, uses: [...called, ...used] }
}

function jobOf({ key, at, value }: Entry): Job {
  const job: Job = { id: key, at, value, needs: listOf(valueAt(value, 'needs')).map(({ text }) => text), steps: [] }
  const steps = listOf(valueAt(value, 'steps')).map((step) => stepOf(step, job))
  return Object.assign(job, { steps })
}

function stepOf(value: Value, job: Job | undefined): Step {
  const uses = valueAt(value, 'uses')
  return { value, job, uses: uses === undefined ? undefined : usesOf(uses.text) }
}

function triggersOf(root: Value): readonly Entry[] {
  const on = valueAt(root, 'on')
  if (on === undefined) return []
  if (on.kind === 'map') return on.entries
  return listOf(on).map((value) => ({ key: value.text, at: value.from, value }))
}

/** An expression in a file, without its braces. */
export interface PlacedExpression {
  readonly source: string
  readonly at: number
}

/** The expressions in one scalar: between braces, or the whole of a condition. */
export function expressionsIn(document: LintDocument, value: Value, isCondition = false): readonly PlacedExpression[] {
  const found = templateParts(value.text).filter((part) => part.kind === 'expression')
  if (found.length === 0) return isCondition && value.text.trim() !== '' ? [{ source: value.text.trim(), at: value.from }] : []
  // The braces stand in the file as they stand in the value; only where they stand has to be found again.
  let from = value.from
  return found.map(({ source }) => {
    const at = document.text.indexOf('${{', from)
    from = at + 3
    return { source, at: at === -1 || at >= value.to ? value.from : at }
  })
}

/** Every expression below a value. */
export function expressionsBelow(document: LintDocument, value: Value): readonly PlacedExpression[] {
  return [...scalarsBelow(value)].flatMap(({ path, value: inner }) => expressionsIn(document, inner, path.at(-1) === 'if'))
}

/** The condition of a job or a step. */
export function conditionOf(document: LintDocument, value: Value): readonly PlacedExpression[] {
  const condition = valueAt(value, 'if')
  return condition === undefined ? [] : expressionsIn(document, condition, true)
}

export function hasTrigger(document: LintDocument, ...names: readonly string[]): boolean {
  return document.triggers.some(({ key }) => names.includes(key))
}

/** The comment on the line of an offset. */
export function commentAt(document: LintDocument, offset: number): Comment | undefined {
  return document.comments.get(document.placeOf(offset).line)
}

/** Environment variables of a step, of its job and of the workflow. */
export function environmentsOf(document: LintDocument): readonly Entry[] {
  const places = [document.root, ...document.jobs.map(({ value }) => value), ...document.steps.map(({ value }) => value)]
  return places.flatMap((place) => entryAt(place, 'env')?.value.entries ?? [])
}
