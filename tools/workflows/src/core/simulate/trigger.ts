import { type SimulatedEvent, textAt } from './event.ts'
import { passesPatterns } from './filter-pattern.ts'
import type { EventFilter, Workflow } from './model.ts'

/** Whether an event starts a workflow, and why it does not. */
export type Start = { readonly starts: true } | { readonly starts: false; readonly reason: string }

/** Activities that start a workflow which names none; an event that is not here starts it with all of its activities. */
const DEFAULT_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['pull_request', ['opened', 'synchronize', 'reopened']],
  ['pull_request_target', ['opened', 'synchronize', 'reopened']],
  ['merge_group', ['checks_requested']],
])

/** Judges the `on:` of a workflow as GitHub documents it. What cannot be judged here is said, and starts nothing. */
export function startOf(workflow: Workflow, event: SimulatedEvent): Start {
  const filter = workflow.on.get(event.name)
  if (filter === undefined) return no(`it does not start on ${event.name}`)
  return (
    typeRefusal(filter, event) ??
    refRefusal(filter, event) ??
    pathRefusal(filter, event) ??
    scheduleRefusal(workflow, event) ?? { starts: true }
  )
}

function typeRefusal({ types }: EventFilter, { name, payload }: SimulatedEvent): Start | undefined {
  const wanted = types ?? DEFAULT_TYPES.get(name)
  const action = textAt(payload, 'action')
  if (wanted === undefined || (action !== undefined && wanted.includes(action))) return undefined
  return no(`the activity ${JSON.stringify(action)} is none of ${wanted.join(', ')}`)
}

function refRefusal(filter: EventFilter, event: SimulatedEvent): Start | undefined {
  const { name, payload, ref } = event
  if (name === 'push' && ref.startsWith('refs/tags/')) return tagRefusal(filter, ref.slice('refs/tags/'.length))
  if (name === 'push' && filter.branches === undefined && filter.branchesIgnore === undefined && hasTags(filter)) {
    return no('it starts on pushes of tags alone')
  }
  const branch = branchOf(name, payload, ref)
  return branch === undefined ? undefined : listRefusal(`branch ${branch}`, branch, [filter.branches, filter.branchesIgnore])
}

function branchOf(name: string, payload: unknown, ref: string): string | undefined {
  if (name.startsWith('pull_request')) return textAt(payload, 'pull_request.base.ref') ?? ''
  if (name === 'merge_group') return (textAt(payload, 'merge_group.base_ref') ?? '').replace(/^refs\/heads\//u, '')
  return name === 'push' ? ref.replace(/^refs\/heads\//u, '') : undefined
}

function hasTags({ tags, tagsIgnore }: EventFilter): boolean {
  return tags !== undefined || tagsIgnore !== undefined
}

function tagRefusal(filter: EventFilter, tag: string): Start | undefined {
  const hasBranches = filter.branches !== undefined || filter.branchesIgnore !== undefined
  if (!hasTags(filter) && hasBranches) return no('it starts on pushes of branches alone')
  return listRefusal(`tag ${tag}`, tag, [filter.tags, filter.tagsIgnore])
}

function listRefusal(
  what: string,
  name: string,
  [wanted, refused]: readonly [readonly string[] | undefined, readonly string[] | undefined],
): Start | undefined {
  if (wanted !== undefined && !passesPatterns(name, wanted)) return no(`the ${what} is none of ${wanted.join(', ')}`)
  if (refused !== undefined && passesPatterns(name, refused)) return no(`the ${what} is one of those that are ignored`)
  return undefined
}

/** GitHub does not filter merge groups by paths, nor pushes of tags. */
function pathRefusal(filter: EventFilter, { name, ref, changedFiles }: SimulatedEvent): Start | undefined {
  const { paths, pathsIgnore } = filter
  if ((paths === undefined && pathsIgnore === undefined) || name === 'merge_group' || ref.startsWith('refs/tags/'))
    return undefined
  if (changedFiles === undefined) return no('it filters by path, and what the event changes is not known')
  if (paths !== undefined && !changedFiles.some((file) => passesPatterns(file, paths))) {
    return no(`no changed file is one of ${paths.join(', ')}`)
  }
  if (pathsIgnore !== undefined && changedFiles.every((file) => passesPatterns(file, pathsIgnore))) {
    return no('every changed file is one of those that are ignored')
  }
  return undefined
}

function scheduleRefusal({ schedules }: Workflow, { name, payload }: SimulatedEvent): Start | undefined {
  const cron = textAt(payload, 'schedule')
  if (name !== 'schedule' || cron === undefined || schedules.includes(cron)) return undefined
  return no(`the schedule ${cron} is none of ${schedules.join(', ')}`)
}

function no(reason: string): Start {
  return { starts: false, reason }
}
