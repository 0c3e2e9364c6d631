import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, Scalar } from 'yaml'
import type { Place } from './finding.ts'
import type { Entry, Value } from './value.ts'

/** What a text is as YAML: one value with places, or why it is none. */
export type YamlResult =
  | { readonly kind: 'value'; readonly value: Value; readonly placeOf: (offset: number) => Place }
  | { readonly kind: 'problems'; readonly problems: readonly (Place & { readonly message: string })[] }

/** More values than any real workflow has once aliases are followed: what makes more is an attack on its reader. */
const MOST_VALUES = 200_000
const DEEPEST = 100

/** Reads one YAML document. Never throws: what cannot be read is a problem with its place. */
export function readYaml(text: string): YamlResult {
  const lines = new LineCounter()
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })
    if (document.errors.some(({ message }) => message.startsWith('Maximum call stack'))) throw new RangeError(TOO_DEEP)
    if (document.errors.length > 0) {
      return { kind: 'problems', problems: document.errors.map(({ pos, message }) => ({ ...placeOf(pos[0]), message })) }
    }
    const contents: unknown = document.contents
    if (contents === null) throw new Refusal(0, 'The file is empty')
    return { kind: 'value', value: reader()(contents, 0), placeOf }
  } catch (thrown) {
    if (thrown instanceof Refusal) return { kind: 'problems', problems: [{ ...placeOf(thrown.offset), message: thrown.message }] }
    // The parser calls itself for every level and knows no limit.
    if (thrown instanceof RangeError) return { kind: 'problems', problems: [{ line: 1, column: 1, message: TOO_DEEP }] }
    throw thrown
  }
}

const TOO_DEEP = `Values nest deeper than ${DEEPEST} levels`

class Refusal extends Error {
  readonly offset: number
  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** Turns nodes into values, once each: an alias is the value of its anchor. */
function reader(): (node: unknown, depth: number) => Value {
  const anchors = new Map<string, Value>()
  const sizes = new WeakMap<Value, number>()
  const sizeOf = (value: Value): number => sizes.get(value) ?? 1

  const read = (node: unknown, depth: number): Value => {
    const from = offsetOf(node)
    if (depth > DEEPEST) throw new Refusal(from, TOO_DEEP)
    if (isAlias(node)) {
      const value = anchors.get(node.source)
      if (value === undefined) throw new Refusal(from, `The alias *${node.source} has no anchor that ends before it`)
      return value
    }
    const value = isMap(node)
      ? map(node, depth)
      : isSeq(node)
        ? { ...emptyAt(node), kind: 'list' as const, items: node.items.map((item) => read(item, depth + 1)) }
        : scalar(node)
    const size = [...value.items, ...value.entries.map((entry) => entry.value)].reduce((sum, inner) => sum + sizeOf(inner), 1)
    if (size > MOST_VALUES) throw new Refusal(from, `Aliases make more than ${MOST_VALUES} values of it`)
    sizes.set(value, size)
    const { anchor } = node as Document.Parsed['contents'] & { readonly anchor?: string }
    if (anchor !== undefined) anchors.set(anchor, value)
    return value
  }

  const map = (node: { readonly items: readonly Pair[] }, depth: number): Value => {
    const keys = new Set<string>()
    const entries = node.items.map(({ key, value }): Entry => {
      const at = offsetOf(key)
      if (!isScalar(key)) throw new Refusal(at, 'A key is not a text')
      const name = key.source ?? String(key.value)
      // The library compares every key with every other, which takes minutes for a file of keys alone.
      if (keys.has(name)) throw new Refusal(at, `The key ${name} stands here twice`)
      keys.add(name)
      const inner = value === null ? { ...emptyAt(key), kind: 'null' as const } : read(value, depth + 1)
      return { key: name, at, value: inner }
    })
    return { ...emptyAt(node), kind: 'map', entries }
  }

  return read
}

function scalar(node: unknown): Value {
  if (!isScalar(node)) return { ...emptyAt(node), kind: 'null' }
  const { value, source, type } = node
  const style =
    type === Scalar.BLOCK_FOLDED || type === Scalar.BLOCK_LITERAL ? 'block' : type === Scalar.PLAIN ? 'plain' : 'quoted'
  const kind =
    value === null
      ? 'null'
      : typeof value === 'number' || typeof value === 'bigint'
        ? 'number'
        : typeof value === 'boolean'
          ? 'boolean'
          : 'text'
  const text = kind === 'text' ? String(value) : kind === 'null' ? '' : (source ?? String(value))
  return { ...emptyAt(node), kind, style, text }
}

type Ranged = { readonly range?: readonly [number, number, number] | null }

function emptyAt(node: unknown): Value {
  const [from = 0, to = 0] = (node as Ranged).range ?? []
  return { kind: 'null', from, to, text: '', style: 'plain', entries: [], items: [] }
}

function offsetOf(node: unknown): number {
  return (node as Ranged | null)?.range?.[0] ?? 0
}
