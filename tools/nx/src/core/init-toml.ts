import { InterlockError, parseToml, stringsAt, tableAt, valueAt } from '@interlock/kit'
import { type AST, parseTOML } from 'toml-eslint-parser'

/** An array of strings in a TOML file. */
export interface TomlArray {
  readonly file: string
  readonly table: readonly string[]
  readonly key: string
}

/**
 * Appends a string to an array in the file's own layout, and adds the array or its table where there is none.
 *
 * Throws `CONFIG_INVALID` for a text that is not TOML, `EDIT_CONFLICT` when the edited text does not hold the value.
 */
export function appendToToml(text: string, { file, table, key }: TomlArray, value: string): string {
  const place = { file, code: 'CONFIG_INVALID' as const }
  const before = parseToml(text, place)
  const path = [...table, key]
  const present = stringsAt(before, path) ?? []
  if (present.includes(value)) return text

  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const { header, array } = locate(text, table, key)
  const edited = array === undefined ? addArray() : appendTo(text, array, { quoted: JSON.stringify(value), eol })
  if (holds(edited)) return edited
  throw new InterlockError('EDIT_CONFLICT', `${JSON.stringify(value)} cannot be added to \`${path.join('.')}\``, {
    file,
    hint: 'add it by hand',
  })

  function addArray(): string {
    const line = `${key} = [${JSON.stringify(value)}]`
    if (header !== undefined) {
      const end = text.indexOf('\n', header)
      return end === -1 ? `${text}${eol}${line}${eol}` : `${text.slice(0, end + 1)}${line}${eol}${text.slice(end + 1)}`
    }
    const gap = text === '' ? '' : text.endsWith('\n') ? eol : `${eol}${eol}`
    return `${text}${gap}[${table.join('.')}]${eol}${line}${eol}`
  }

  function holds(result: string): boolean {
    try {
      const after = parseToml(result, place)
      const kept = Object.keys(tableAt(before, table) ?? {}).every((other) => valueAt(after, [...table, other]) !== undefined)
      return kept && JSON.stringify(stringsAt(after, path)) === JSON.stringify([...present, value])
    } catch {
      return false
    }
  }
}

interface Located {
  /** Offset of the table's header. */
  readonly header: number | undefined
  readonly array: AST.TOMLArray | undefined
}

function locate(text: string, table: readonly string[], key: string): Located {
  const [root] = parseTOML(text).body
  let header: number | undefined
  for (const node of root.body) {
    if (node.type === 'TOMLTable' && node.kind === 'standard' && same(node.resolvedKey, table)) header = node.range[0]
    const prefix = node.type === 'TOMLTable' ? node.resolvedKey : []
    for (const pair of node.type === 'TOMLTable' ? node.body : [node]) {
      const keys = pair.key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))
      if (pair.value.type === 'TOMLArray' && same([...prefix, ...keys], [...table, key])) return { header, array: pair.value }
    }
  }
  return { header, array: undefined }
}

function appendTo(text: string, array: AST.TOMLArray, { quoted, eol }: { quoted: string; eol: string }): string {
  const close = array.range[1] - 1
  const last = array.elements.at(-1)
  if (last === undefined) return `${text.slice(0, array.range[0])}[${quoted}]${text.slice(close + 1)}`
  const end = last.range[1]
  const closeLine = text.lastIndexOf('\n', close) + 1
  if (closeLine <= end) return `${text.slice(0, end)}, ${quoted}${text.slice(end)}`
  // The bracket has a line of its own: the new line goes before it, after any comment behind the last element.
  const lastLine = text.lastIndexOf('\n', last.range[0]) + 1
  const indent = /^[ \t]*/.exec(text.slice(lastLine))?.[0] ?? ''
  const comma = /^(?:\s|#[^\n]*\n)*,/.test(text.slice(end, close)) ? '' : ','
  return `${text.slice(0, end)}${comma}${text.slice(end, closeLine)}${indent}${quoted},${eol}${text.slice(closeLine)}`
}

function same(left: readonly (string | number)[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index])
}
