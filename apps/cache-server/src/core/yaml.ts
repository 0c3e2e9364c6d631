import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml'

/** What a YAML text holds, or why it holds nothing that can be used. */
export type YamlText =
  | { readonly kind: 'value'; readonly document: Document.Parsed; readonly value: unknown }
  | { readonly kind: 'broken'; readonly problems: readonly YamlProblem[] }

export interface YamlProblem {
  /** Where it is; absent where it is about all of the text. */
  readonly offset?: number
  readonly said: string
}

export function readYaml(text: string): YamlText {
  try {
    const document = parseDocument(text, { logLevel: 'error', prettyErrors: false })
    const problems = document.errors.map(({ pos, message }) => ({ offset: pos[0], said: message.split('\n', 1)[0] ?? '' }))
    if (problems.length > 0) return { kind: 'broken', problems }
    return { kind: 'value', document, value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    // The parser calls itself for every level and knows no limit; what aliases add up to it counts when it follows them.
    const said = error instanceof RangeError ? 'values nest too deep' : error instanceof Error ? error.message : String(error)
    return { kind: 'broken', problems: [{ said }] }
  }
}

/** Where a value is written: an unknown key at the key, a missing value at what would hold it. */
export function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const inner = path.slice(0, length)
    const parent: unknown = length === 1 ? document.contents : document.getIn(inner.slice(0, -1), true)
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(inner.at(-1)))
      : undefined
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0]
    const node = document.getIn(inner, true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}
