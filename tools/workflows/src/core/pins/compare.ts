import type { Pin } from '../model/pin.ts'
import { actionName } from '../model/action-name.ts'
import type { ActionMetadata } from './action-metadata.ts'
import { metadataProblems } from './check.ts'

/** What action.yml of a pinned commit says against the catalogue, and against its use at all. */
export function differences(action: Pin, found: ActionMetadata | undefined): string[] {
  const name = actionName(action)
  if (found === undefined) return [noAction(name, action.version)]
  const facts = [
    ['runs on', action.runtime, found.runtime],
    ['itself uses', list(action.nested), list(found.nested)],
    ['requires the inputs', list(action.inputs.required), list(found.inputs.required)],
    ['has the optional inputs', list(action.inputs.optional), list(found.inputs.optional)],
  ] as const
  return [
    ...metadataProblems(name, found),
    ...facts.flatMap(([verb, ours, theirs]) =>
      ours === theirs ? [] : [`${name} ${action.version} ${verb} ${theirs}, and the catalogue says ${ours}`],
    ),
  ]
}

/** Why a newer version cannot take the place of an action without a person who looks at it. */
export function replacementProblems(action: Pin, found: ActionMetadata | undefined, version: string): string[] {
  const name = actionName(action)
  if (found === undefined) return [noAction(name, version)]
  const known = [...action.inputs.required, ...action.inputs.optional]
  const left = [...found.inputs.required, ...found.inputs.optional]
  const gone = known.filter((input) => !left.includes(input))
  const demanded = found.inputs.required.filter((input) => !action.inputs.required.includes(input))
  return [
    ...metadataProblems(name, found),
    ...(gone.length === 0 ? [] : [`${name} no longer has the inputs ${list(gone)}`]),
    ...(demanded.length === 0 ? [] : [`${name} now requires the inputs ${list(demanded)}`]),
  ]
}

export function noAction(name: string, version: string): string {
  return `${name} has no action.yml that can be read at ${version}`
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : [...names].sort().join(', ')
}
