import { parseDocument } from 'yaml'
import { usesIn } from './uses.ts'

/** What action.yml says of an action. */
export interface ActionMetadata {
  /** `node24`, `composite`, `docker`: the value of `runs.using`. */
  readonly runtime: string
  readonly nested: readonly string[]
  readonly inputs: { readonly required: readonly string[]; readonly optional: readonly string[] }
}

/** Reads an action.yml; `undefined` when it is none. */
export function actionMetadata(text: string): ActionMetadata | undefined {
  const document = parseDocument(text, { prettyErrors: false })
  if (document.errors.length > 0) return undefined
  const content: unknown = document.toJS({ maxAliasCount: 100 })
  const runs = recordAt(content, 'runs')
  const using = runs['using']
  if (typeof using !== 'string') return undefined
  const inputs = Object.entries(recordAt(content, 'inputs'))
  const isRequired = ([, value]: [string, unknown]): boolean => {
    const { required, default: otherwise } = record(value)
    return (required === true || required === 'true') && otherwise === undefined
  }
  return {
    runtime: using,
    // An action's own folders come with its commit.
    nested: using === 'composite' ? usesIn('', text).uses.flatMap((use) => (use.text.startsWith('./') ? [] : [use.text])) : [],
    inputs: {
      required: inputs.filter(isRequired).map(([name]) => name),
      optional: inputs.filter((input) => !isRequired(input)).map(([name]) => name),
    },
  }
}

function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  return record(record(value)[key])
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
