import { nearest } from '@interlock/kit'
import { DECLARED_ACTIONS, type DeclaredAction } from '../pipeline/action-inputs.ts'

/** What can be said of a step whose action is not run here. */
export interface StandIn {
  /** `actions/checkout` */
  readonly repository: string
  /** What was compared with the inputs that the action declares. */
  readonly checked: string
  /** Why GitHub's run would not be what the step says; absent where nothing was found. */
  readonly fault?: string
}

/** Compares the inputs of a step with those that the action declares at its commit. */
export function standInFor(action: string, inputs: Readonly<Record<string, string>>): StandIn {
  const [name = '', ref = ''] = action.split('@', 2)
  const [owner = '', repo = '', ...path] = name.split('/')
  const repository = `${owner}/${repo}`
  if (action.startsWith('docker://') || owner === '' || repo === '' || ref === '') {
    return { repository: action, checked: 'inputs not checked: it is no action of a repository' }
  }
  const declared = DECLARED_ACTIONS.filter((each) => each.repository === repository && (each.path ?? '') === path.join('/'))
  const exact = declared.find(({ sha, version }) => ref === sha || ref === version)
  const known = exact ?? declared[0]
  if (known === undefined) return { repository, checked: 'inputs not checked: the action is not in the catalogue' }
  const checked =
    exact === undefined
      ? `inputs checked against ${known.version}, which is another commit`
      : `inputs checked against ${known.version}`
  const fault = faultOf(known, inputs)
  return { repository, checked, ...(fault === undefined ? {} : { fault }) }
}

function faultOf(
  { repository, version, inputs: declared }: DeclaredAction,
  given: Readonly<Record<string, string>>,
): string | undefined {
  const known = [...declared.required, ...declared.optional]
  const names = Object.keys(given).map((name) => name.toLowerCase())
  const unknown = Object.keys(given).find((name) => !known.some((each) => each.toLowerCase() === name.toLowerCase()))
  if (unknown !== undefined) {
    const meant = nearest(unknown, known)
    return `${repository} ${version} has no input ${JSON.stringify(unknown)}${meant === undefined ? '' : `; did you mean ${meant}?`}`
  }
  const missing = declared.required.find((name) => !names.includes(name.toLowerCase()))
  return missing === undefined ? undefined : `${repository} ${version} requires the input ${JSON.stringify(missing)}`
}
