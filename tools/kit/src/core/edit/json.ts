import { applyEdits, findNodeAtLocation, modify, parse, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser'
import { editWith, type Edit } from './edit.ts'

/**
 * Edits JSON, with or without comments and trailing commas, in the text's own indentation.
 *
 * Throws `InterlockError` (`EDIT_CONFLICT`) when the text cannot be read or the result would not hold the values.
 */
export function editJson(text: string, edits: readonly Edit[], place: { readonly file: string }): string {
  return editWith({ apply, parse: read }, { text, file: place.file }, edits)
}

function apply(text: string, edit: Edit): string {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  '
  const kept = spliced(text, edit, indent)
  if (kept !== undefined) return kept
  const changes = modify(text, [...edit.path], edit.kind === 'remove' ? undefined : edit.value, {
    isArrayInsertion: edit.kind === 'insert',
    formattingOptions: {
      insertSpaces: !indent.startsWith('\t'),
      tabSize: indent.startsWith('\t') ? 1 : indent.length,
      eol: '\n',
    },
  })
  return applyEdits(text, changes)
}

/** The edits that need no new line: jsonc-parser would lay out the lines around them anew. */
function spliced(text: string, edit: Edit, indent: string): string | undefined {
  const root = parseTree(text)
  if (root === undefined || edit.kind === 'remove') return undefined
  if (edit.kind === 'set') {
    const old = findNodeAtLocation(root, [...edit.path])
    if (old === undefined) return undefined
    const outer = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', old.offset - 1) + 1))?.[0] ?? ''
    const value = JSON.stringify(edit.value, undefined, indent).replaceAll('\n', `\n${outer}`)
    return text.slice(0, old.offset) + value + text.slice(old.offset + old.length)
  }
  const list = findNodeAtLocation(root, edit.path.slice(0, -1))
  const items = list?.children ?? []
  const last = items.at(-1)
  if (list === undefined || last === undefined || text.slice(list.offset, list.offset + list.length).includes('\n'))
    return undefined
  const next = items[Number(edit.path.at(-1))]
  const value = JSON.stringify(edit.value)
  if (next !== undefined) return `${text.slice(0, next.offset)}${value}, ${text.slice(next.offset)}`
  return `${text.slice(0, last.offset + last.length)}, ${value}${text.slice(last.offset + last.length)}`
}

function read(text: string): unknown {
  if (text.trim() === '') return undefined
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (error !== undefined) throw new Error(`not valid JSON: ${printParseErrorCode(error.error)} at offset ${error.offset}`)
  return value
}
