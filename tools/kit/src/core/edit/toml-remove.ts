import type { AST } from 'toml-eslint-parser'
import type { EditPath } from './edit.ts'
import { startsWith, tablesOf, valueNodeAt } from './toml-find.ts'

type Range = readonly [number, number]

/** Takes out what stands at a path and below it: items, pairs and tables with their headers. */
export function removePath(text: string, path: EditPath): string {
  const tables = tablesOf(text)
  const ranges: Range[] = []
  for (const { path: at, table, pairs } of tables) {
    if (table.type === 'TOMLTable' && startsWith(at, path)) {
      ranges.push(wholeLines(text, [table.range[0], table.range[1]]))
      continue
    }
    for (const { path: pairPath, pair } of pairs) if (startsWith(pairPath, path)) ranges.push(wholeLines(text, pair.range))
  }
  const node = ranges.length === 0 ? valueNodeAt(tables, path) : undefined
  if (node !== undefined) ranges.push(itemRange(text, node))
  return ranges
    .toSorted(([left], [right]) => right - left)
    .reduce((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), text)
}

/** From the start of the first line to the end of the last, with what stands behind on that line. */
function wholeLines(text: string, [start, end]: Range): Range {
  const lineEnd = text.indexOf('\n', end)
  return [text.lastIndexOf('\n', start - 1) + 1, lineEnd === -1 ? text.length : lineEnd + 1]
}

/** An item of an array or inline table, with the comma that goes with it. */
function itemRange(text: string, value: AST.TOMLContentNode): Range {
  const item: AST.TOMLNode = value.parent.type === 'TOMLKeyValue' ? value.parent : value
  const holder = item.parent
  const items: readonly AST.TOMLNode[] =
    holder?.type === 'TOMLArray' ? holder.elements : holder?.type === 'TOMLInlineTable' ? holder.body : []
  if (holder?.type === 'TOMLArray' && standsAlone(text, item.range)) return wholeLines(text, item.range)
  const index = items.indexOf(item)
  const [previous, next] = [items[index - 1], items[index + 1]]
  if (next !== undefined) return [item.range[0], next.range[0]]
  if (previous !== undefined) return [previous.range[1], item.range[1]]
  const comma = /^\s*,/.exec(text.slice(item.range[1]))
  return [item.range[0], item.range[1] + (comma?.[0].length ?? 0)]
}

/** Whether nothing but a comma and a comment shares the lines of a range. */
function standsAlone(text: string, [start, end]: Range): boolean {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  const lineEnd = text.indexOf('\n', end)
  return before.trim() === '' && lineEnd !== -1 && /^\s*,?\s*(#.*)?$/.test(text.slice(end, lineEnd))
}
