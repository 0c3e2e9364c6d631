import { parseTOML, type AST } from 'toml-eslint-parser'
import type { EditPath } from './edit.ts'

/** A key with its value, and the path from the root of the document to it. */
export interface FoundPair {
  readonly path: EditPath
  readonly pair: AST.TOMLKeyValue
}

/** Every table of a document with its path; the first one is the document's own head. */
export interface FoundTable {
  readonly path: EditPath
  readonly table: AST.TOMLTopLevelTable | AST.TOMLTable
  readonly pairs: readonly FoundPair[]
}

/** The tables of a TOML text in their order. */
export function tablesOf(text: string): readonly FoundTable[] {
  const [top] = parseTOML(text).body
  const tables = top.body.filter((node): node is AST.TOMLTable => node.type === 'TOMLTable')
  const heads = top.body.filter((node): node is AST.TOMLKeyValue => node.type === 'TOMLKeyValue')
  return [
    { path: [], table: top, pairs: pairsOf([], heads) },
    ...tables.map((table) => ({ path: table.resolvedKey, table, pairs: pairsOf(table.resolvedKey, table.body) })),
  ]
}

/** The value that is written at exactly this path, and the pair, inline table or array that holds it. */
export function valueNodeAt(tables: readonly FoundTable[], path: EditPath): AST.TOMLContentNode | undefined {
  for (const { path: at, pair } of tables.flatMap((table) => table.pairs)) {
    const found = startsWith(path, at) ? within(pair.value, path.slice(at.length)) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** The pairs of an inline table with their paths. */
export function pairsOf(parent: EditPath, pairs: readonly AST.TOMLKeyValue[]): readonly FoundPair[] {
  return pairs.map((pair) => ({ path: [...parent, ...keysOf(pair)], pair }))
}

export function startsWith(path: EditPath, prefix: EditPath): boolean {
  return prefix.every((key, index) => path[index] === key)
}

function keysOf(pair: AST.TOMLKeyValue): readonly string[] {
  return pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))
}

function within(node: AST.TOMLContentNode, path: EditPath): AST.TOMLContentNode | undefined {
  const [key] = path
  if (key === undefined) return node
  if (node.type === 'TOMLArray' && typeof key === 'number') {
    const item = node.elements[key]
    return item === undefined ? undefined : within(item, path.slice(1))
  }
  if (node.type !== 'TOMLInlineTable') return undefined
  for (const { path: at, pair } of pairsOf([], node.body)) {
    const found = startsWith(path, at) ? within(pair.value, path.slice(at.length)) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
