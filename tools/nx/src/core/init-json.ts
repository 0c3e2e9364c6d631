import { InterlockError } from '@interlock/kit'
import { findNodeAtLocation, type Node, parse, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'

/** A value to add to an object, where the path's last key is free; or, with `append`, to the end of an array. */
export interface JsonEdit {
  readonly path: readonly string[]
  readonly value: unknown
  readonly append?: boolean
}

/**
 * Adds to a JSON file, comments allowed, and leaves every character that is there: `decide` sees the parsed object and
 * returns what to add.
 *
 * Throws `CONFIG_INVALID` when the text is no JSON object, `EDIT_CONFLICT` when the edited text does not hold the values.
 */
export function editJson(
  text: string,
  file: string,
  decide: (config: Readonly<Record<string, unknown>>) => readonly JsonEdit[],
): string {
  return decide(readObject(text, file)).reduce((edited, edit) => {
    const result = addValue(edited, edit)
    if (result !== undefined && holds(readObject(result, file), edit)) return result
    throw new InterlockError('EDIT_CONFLICT', `\`${edit.path.join('.')}\` cannot be set without losing something`, {
      file,
      hint: `set it by hand to ${JSON.stringify(edit.value)}`,
    })
  }, text)
}

function addValue(text: string, { path, value, append }: JsonEdit): string | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true })
  if (root === undefined) return undefined
  let depth = path.length
  let container = findNodeAtLocation(root, [...path])
  while (container === undefined && depth > 0) {
    depth -= 1
    container = findNodeAtLocation(root, path.slice(0, depth))
  }
  if (container === undefined || container.type !== (append === true && depth === path.length ? 'array' : 'object'))
    return undefined
  const [key, ...inner] = path.slice(depth)
  const wanted = append === true && key !== undefined ? [value] : value
  const wrapped = inner.toReversed().reduce<unknown>((nested, name) => ({ [name]: nested }), wanted)
  return insertLast(text, container, { key, value: wrapped })
}

/** Adds an item behind the last one of an object or array: on a line of its own where the others have theirs. */
function insertLast(text: string, container: Node, item: { key: string | undefined; value: unknown }): string {
  const close = container.offset + container.length - 1
  const last = container.children?.at(-1)
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
  const render = (indent: string | undefined): string => {
    const value = indent === undefined ? JSON.stringify(item.value) : JSON.stringify(item.value, null, unit)
    return `${item.key === undefined ? '' : `${JSON.stringify(item.key)}: `}${value.replaceAll('\n', `${eol}${indent ?? ''}`)}`
  }
  if (last === undefined) {
    const outer = indentAt(text, container.offset)
    const start = container.offset + 1
    return `${text.slice(0, start)}${eol}${outer}${unit}${render(`${outer}${unit}`)}${eol}${outer}${text.slice(close)}`
  }
  const end = last.offset + last.length
  const closeLine = text.lastIndexOf('\n', close) + 1
  if (closeLine <= end) return `${text.slice(0, end)}, ${render(undefined)}${text.slice(end)}`
  const indent = indentAt(text, last.offset)
  const comma = /^(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*,/.test(text.slice(end, close)) ? '' : ','
  return `${text.slice(0, end)}${comma}${text.slice(end, closeLine)}${indent}${render(indent)}${eol}${text.slice(closeLine)}`
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset) + 1))?.[0] ?? ''
}

function holds(config: unknown, { path, value, append }: JsonEdit): boolean {
  const found = path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    config,
  )
  return JSON.stringify(append === true && Array.isArray(found) ? found.at(-1) : found) === JSON.stringify(value)
}

function readObject(text: string, file: string): Readonly<Record<string, unknown>> {
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (error !== undefined) {
    const lines = text.slice(0, error.offset).split('\n')
    const place = `${file}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`
    throw new InterlockError('CONFIG_INVALID', `not valid JSON: ${printParseErrorCode(error.error)}`, { file: place })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InterlockError('CONFIG_INVALID', 'not a JSON object', { file })
  }
  return value as Readonly<Record<string, unknown>>
}
