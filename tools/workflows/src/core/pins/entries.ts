import { by } from '@interlock/kit'
import type { Pin } from '../model/pin.ts'
import type { PinOverrides } from '../pipeline/pin-overrides.ts'

/** One repository of actions, at the version that this workspace uses. */
export interface Entry {
  readonly repository: string
  readonly version: string
  readonly sha: string
  readonly reviewed: string
  /** `workspace`: interlock.yaml says it. What the catalogue knows of the actions is then of another version. */
  readonly source: 'catalogue' | 'workspace'
  /** The version of the catalogue, where it has the repository. */
  readonly catalogueVersion: string | undefined
  /** The actions that the catalogue has of it; none where only interlock.yaml names the repository. */
  readonly actions: readonly Pin[]
}

/** The catalogue and what interlock.yaml says instead or beside it, by repository. */
export function entriesOf(catalogue: readonly Pin[], overrides: PinOverrides): readonly Entry[] {
  const names = new Set([...catalogue.map(({ repository }) => repository), ...Object.keys(overrides)])
  return [...names].map((repository) => entryOf(repository, catalogue, overrides)).sort(by(({ repository }) => repository))
}

function entryOf(repository: string, catalogue: readonly Pin[], overrides: PinOverrides): Entry {
  const actions = catalogue.filter((pin) => pin.repository === repository)
  const [first] = actions
  const override = Object.hasOwn(overrides, repository) ? overrides[repository] : undefined
  const chosen = override ?? first
  if (chosen === undefined) throw new Error(`nothing names ${repository}`)
  return {
    repository,
    version: chosen.version,
    sha: chosen.sha,
    reviewed: chosen.reviewed,
    source: override === undefined ? 'catalogue' : 'workspace',
    catalogueVersion: first?.version,
    actions,
  }
}
