import type { AST } from 'toml-eslint-parser'
import { parseToml } from '../toml.ts'
import { edited, editWith, sameValue, type Edit, type EditPath, type EditValue } from './edit.ts'
import { startsWith, tablesOf, valueNodeAt, type FoundTable } from './toml-find.ts'
import { removePath } from './toml-remove.ts'
import { keyText, tomlText } from './toml-text.ts'

/**
 * Edits TOML: values are spliced into the text, everything else stays as it is, byte for byte.
 *
 * Throws `InterlockError` (`EDIT_CONFLICT`) when the text cannot be read or the result would not hold the values. A table
 * that has a header of its own cannot be replaced as a whole; its keys can.
 */
export function editToml(text: string, edits: readonly Edit[], place: { readonly file: string }): string {
  return editWith({ apply, parse: read }, { text, file: place.file }, edits)
}

function read(text: string): unknown {
  return parseToml(text, { file: 'the text', code: 'EDIT_CONFLICT' })
}

function apply(text: string, edit: Edit): string {
  if (edit.kind === 'remove') return removePath(text, edit.path)
  const tables = tablesOf(text)
  if (edit.kind === 'insert') {
    const holder = edit.path.slice(0, -1)
    const list = valueNodeAt(tables, holder)
    if (list === undefined) return addPair(text, tables, { path: holder, value: [edit.value] })
    if (list.type !== 'TOMLArray') throw new Error('an index leads into what is no list')
    return insertItem(text, list, { index: Number(edit.path.at(-1)), value: edit.value })
  }
  const old = valueNodeAt(tables, edit.path)
  return old === undefined ? addPair(text, tables, edit) : splice(text, old.range, tomlText(edit.value))
}

interface NewPair {
  readonly path: EditPath
  readonly value: EditValue
}

/** Tries the places where a new key can stand, the most natural one first, and takes the first that reads back right. */
function addPair(text: string, tables: readonly FoundTable[], added: NewPair): string {
  const expected = edited(read(text), { kind: 'set', ...added })
  const candidates = [
    intoInline(text, tables, added),
    intoTable(text, tables, { ...added, depth: 1 }),
    newTable(text, added),
    intoTable(text, tables, { ...added, depth: Infinity }),
  ]
  for (const result of candidates) {
    if (result !== undefined && holds(result, expected)) return result
  }
  throw new Error('there is no place where this key can stand')
}

function holds(text: string, expected: unknown): boolean {
  try {
    return sameValue(read(text), expected)
  } catch {
    return false
  }
}

function intoInline(text: string, tables: readonly FoundTable[], added: NewPair): string | undefined {
  for (let length = added.path.length - 1; length > 0; length -= 1) {
    const node = valueNodeAt(tables, added.path.slice(0, length))
    const rest = namesOf(added.path.slice(length))
    if (node?.type !== 'TOMLInlineTable' || rest === undefined) continue
    const pair = `${keyText(rest)} = ${tomlText(added.value)}`
    const last = node.body.at(-1)
    if (last === undefined) return splice(text, node.range, `{ ${pair} }`)
    return splice(text, [last.range[1], last.range[1]], `, ${pair}`)
  }
  return undefined
}

/** Adds a line below the last pair of the deepest table whose path leads to the key, when at most `depth` keys remain. */
function intoTable(text: string, tables: readonly FoundTable[], added: NewPair & { readonly depth: number }): string | undefined {
  const holders = tables.filter(({ path }) => path.length < added.path.length && startsWith(added.path, path))
  const holder = holders.reduce(
    (deepest, table) => (table.path.length >= deepest.path.length ? table : deepest),
    tables[0] ?? missing(),
  )
  const rest = namesOf(added.path.slice(holder.path.length))
  if (rest === undefined || rest.length > added.depth) return undefined
  const line = `${keyText(rest)} = ${tomlText(added.value)}\n`
  const last = holder.pairs.at(-1)?.pair.range[1] ?? (holder.table.type === 'TOMLTable' ? holder.table.key.range[1] : undefined)
  if (last === undefined) return text === '' ? line : `${line}\n${text}`
  return addLine(text, last, line)
}

function newTable(text: string, added: NewPair): string | undefined {
  const names = namesOf(added.path)
  if (names === undefined || names.length < 2) return undefined
  const gap = text === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n'
  return `${text}${gap}[${keyText(names.slice(0, -1))}]\n${keyText(names.slice(-1))} = ${tomlText(added.value)}\n`
}

/** Adds a line below the one that holds an offset. */
function addLine(text: string, offset: number, line: string): string {
  const end = text.indexOf('\n', offset)
  return end === -1 ? `${text}\n${line}` : splice(text, [end + 1, end + 1], line)
}

function insertItem(text: string, list: AST.TOMLArray, item: { readonly index: number; readonly value: EditValue }): string {
  const value = tomlText(item.value)
  const next = item.index === -1 ? undefined : list.elements[item.index]
  const sibling = next ?? list.elements.at(-1)
  if (sibling === undefined) return splice(text, [list.range[0] + 1, list.range[0] + 1], value)
  const lineStart = text.lastIndexOf('\n', sibling.range[0] - 1) + 1
  const indent = text.slice(lineStart, sibling.range[0])
  const gap = lineStart > list.range[0] && indent.trim() === '' ? `,\n${indent}` : ', '
  return next === undefined
    ? splice(text, [sibling.range[1], sibling.range[1]], `${gap}${value}`)
    : splice(text, [next.range[0], next.range[0]], `${value}${gap}`)
}

function namesOf(path: EditPath): readonly string[] | undefined {
  return path.every((key): key is string => typeof key === 'string') ? path : undefined
}

function splice(text: string, [start, end]: readonly [number, number], replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end)
}

function missing(): never {
  throw new Error('a TOML document has a head')
}
