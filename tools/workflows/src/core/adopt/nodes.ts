import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml'

/** A YAML file whose values know their lines. */
export interface Source {
  readonly text: string
  readonly document: Document.Parsed
  readonly lines: LineCounter
}

/** A value of a map, with its key. */
export interface Entry {
  readonly key: string
  /** The line of the key, from 1. */
  readonly line: number
  readonly value: Node | undefined
}

export function sourceOf(text: string): Source {
  const lines = new LineCounter()
  return { text, lines, document: parseDocument(text, { lineCounter: lines, prettyErrors: false }) }
}

/** The entries of a map, aliases followed; none for anything else. */
export function entriesIn(source: Source, node: unknown): Entry[] {
  const map = followed(source, node)
  if (!isMap(map)) return []
  return map.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return []
    return [{ key: textOf(key) ?? '', line: lineAt(source, key), value: followed(source, value) }]
  })
}

/** The value of a key. */
export function valueIn(source: Source, node: unknown, key: string): Node | undefined {
  return entriesIn(source, node).find((entry) => entry.key === key)?.value
}

/** The items of a list; a single value counts as a list of one. */
export function itemsIn(source: Source, node: unknown): Node[] {
  const value = followed(source, node)
  if (isSeq(value)) return value.items.flatMap((item) => followed(source, item) ?? [])
  return value === undefined ? [] : [value]
}

/** A value as it is written, for numbers as well: `3.10` stays `3.10`. */
export function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined
  return typeof node.value === 'string' ? node.value : node.source
}

/** Whether a value is a number for YAML, so that GitHub drops a zero at its end. */
export function isNumber(node: unknown): boolean {
  return isScalar(node) && typeof node.value === 'number'
}

export function lineAt({ lines }: Source, node: Node | undefined): number {
  return lines.linePos(node?.range?.[0] ?? 0).line
}

/** The line on which the text of a scalar begins: for a block the line after its `|`. */
export function textLine(source: Source, node: Node): number {
  return lineAt(source, node) + (isBlock(node) ? 1 : 0)
}

/** The text of a node in the file, with everything below it. */
export function sliceOf({ text }: Source, node: Node | undefined): string {
  return text.slice(node?.range?.[0] ?? 0, node?.range?.[2] ?? 0)
}

function isBlock(node: Node): boolean {
  const { type } = node as Scalar
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
}

function followed({ document }: Source, node: unknown): Node | undefined {
  const target = isAlias(node) ? node.resolve(document) : node
  return isMap(target) || isSeq(target) || isScalar(target) ? target : undefined
}
