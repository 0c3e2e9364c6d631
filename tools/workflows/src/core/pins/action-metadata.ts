import { parseDocument } from 'yaml'
import { usesIn } from './uses.ts'

/** What action.yml says of an action, or the file of a workflow that others call. */
export interface ActionMetadata {
  /** `node24`, `composite`, `docker`: the value of `runs.using`; `workflow` for a workflow. */
  readonly runtime: string
  readonly nested: readonly string[]
  readonly inputs: { readonly required: readonly string[]; readonly optional: readonly string[] }
}

/** No action is described in more. */
const MOST_CHARACTERS = 1 << 20

/** Reads an action.yml or a workflow; `undefined` when it is neither, or when nobody can say what it uses. */
export function actionMetadata(text: string): ActionMetadata | undefined {
  const content = contentOf(text)
  if (content === undefined) return undefined
  if (Object.keys(recordAt(content, 'jobs')).length > 0) {
    return {
      runtime: 'workflow',
      nested: nestedIn(text, /^(?:\$|\.\/\.github\/workflows)\//u),
      inputs: { required: [], optional: [] },
    }
  }
  const using = recordAt(content, 'runs')['using']
  if (typeof using !== 'string') return undefined
  const inputs = Object.entries(recordAt(content, 'inputs'))
  const isRequired = ([, value]: [string, unknown]): boolean => {
    const { required, default: otherwise } = record(value)
    return (required === true || required === 'true') && otherwise === undefined
  }
  return {
    runtime: using,
    nested: using === 'composite' ? nestedIn(text, /^\$\//u) : [],
    inputs: {
      required: inputs.filter(isRequired).map(([name]) => name),
      optional: inputs.filter((input) => !isRequired(input)).map(([name]) => name),
    },
  }
}

function contentOf(text: string): unknown {
  if (text.length > MOST_CHARACTERS || usesIn('', text).findings.length > 0) return undefined
  try {
    // A text of aliases of aliases throws before it fills the memory.
    return parseDocument(text, { prettyErrors: false }).toJS({ maxAliasCount: 100 })
  } catch {
    return undefined
  }
}

/** What is used, except what comes with the same commit. `./` in a step is a folder of whoever calls, and is kept. */
function nestedIn(text: string, own: RegExp): readonly string[] {
  return usesIn('', text).uses.flatMap((use) => (own.test(use.text) ? [] : [use.text]))
}

function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  return record(record(value)[key])
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
