import { isDeepStrictEqual } from 'node:util'
import { InterlockError } from '../error.ts'
import { pathText } from '../problems.ts'

/** Keys of maps and indexes of lists that lead to a value. */
export type EditPath = readonly (string | number)[]

/** What an edit can write: JSON's values without `null`, which TOML does not have. */
export type EditValue = string | number | boolean | readonly EditValue[] | { readonly [key: string]: EditValue }

/** One change of a document, as data. */
export type Edit =
  /** Writes a value; maps on the way are made. An index must be there already. */
  | { readonly kind: 'set'; readonly path: EditPath; readonly value: EditValue }
  /** Puts a value into a list before the index that ends the path; -1 appends. */
  | { readonly kind: 'insert'; readonly path: EditPath; readonly value: EditValue }
  /** Takes a value out. What is not there already is not an error. */
  | { readonly kind: 'remove'; readonly path: EditPath }

/** One language's way to change a text and to read it back. */
export interface Editor {
  readonly apply: (text: string, edit: Edit) => string
  readonly parse: (text: string) => unknown
}

/**
 * Applies edits in order and keeps everything else: comments, layout, line endings and a byte order mark. After each edit
 * the text is read again; if it does not hold exactly what the edit says, or the text cannot be edited, `EDIT_CONFLICT` is
 * thrown.
 */
export function editWith(
  editor: Editor,
  source: { readonly text: string; readonly file: string },
  edits: readonly Edit[],
): string {
  const mark = source.text.startsWith('\uFEFF') ? '\uFEFF' : ''
  let text = source.text.slice(mark.length)
  for (const edit of edits) {
    try {
      const before = editor.parse(text)
      const expected = edited(before, edit)
      if (sameValue(before, expected)) continue
      const next = inLineEndingsOf(text, editor.apply(text, edit))
      if (!holds(editor.parse(next), expected, edit)) throw new Error('the result would not hold the value')
      text = next
    } catch (cause) {
      const reason = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause)
      throw new InterlockError('EDIT_CONFLICT', `cannot ${edit.kind} \`${pathText(edit.path)}\`: ${reason}`, {
        file: source.file,
        cause,
      })
    }
  }
  return mark + text
}

/** A removal may also take the maps with it that it left empty: TOML has no other way to write them. */
function holds(result: unknown, expected: unknown, edit: Edit): boolean {
  if (sameValue(result, expected)) return true
  const parent = edit.path.slice(0, -1)
  if (edit.kind !== 'remove' || parent.length === 0 || !isEmptyMap(at(expected, parent))) return false
  const smaller: Edit = { kind: 'remove', path: parent }
  return holds(result, edited(expected, smaller), smaller)
}

function at(document: unknown, path: EditPath): unknown {
  return path.reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), document)
}

function isEmptyMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0
}

/** A value with an edit applied: what the text must hold afterwards. */
export function edited(document: unknown, edit: Edit): unknown {
  const [key, ...rest] = edit.path
  if (key === undefined) throw new Error('the path is empty')
  if (typeof key === 'number') return editedList(document, edit, key)
  if (document !== undefined && document !== null && !isMap(document)) throw new Error(`\`${key}\` is sought in what is no map`)
  const map: Record<string, unknown> = { ...document }
  if (edit.kind === 'remove' && !Object.hasOwn(map, key)) return document
  if (rest.length > 0) return withKey(map, key, edited(Object.hasOwn(map, key) ? map[key] : undefined, { ...edit, path: rest }))
  if (edit.kind === 'insert') throw new Error('an insertion needs an index')
  if (edit.kind === 'set') return withKey(map, key, edit.value)
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key))
}

function editedList(list: unknown, edit: Edit, index: number): unknown {
  const rest = edit.path.slice(1)
  if (list === undefined && edit.kind === 'remove') return list
  const items: readonly unknown[] = list === undefined && edit.kind === 'insert' ? [] : asList(list)
  if (edit.kind === 'insert' && rest.length === 0) {
    if (index < -1 || index > items.length) throw new Error(`the list has ${items.length} items`)
    return items.toSpliced(index === -1 ? items.length : index, 0, edit.value)
  }
  if (index < 0 || index >= items.length) {
    if (edit.kind === 'remove') return list
    throw new Error(`the list has ${items.length} items`)
  }
  if (rest.length > 0) return items.with(index, edited(items[index], { ...edit, path: rest }))
  return edit.kind === 'set' ? items.with(index, edit.value) : items.toSpliced(index, 1)
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new Error('an index leads into what is no list')
}

function withKey(map: Readonly<Record<string, unknown>>, key: string, value: unknown): Record<string, unknown> {
  return { ...map, [key]: value }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** Whether two documents hold the same, whatever the order of their keys. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => sameValue(item, right[index]))
  }
  if (isMap(left)) {
    if (!isMap(right)) return false
    const keys = Object.keys(left)
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
    )
  }
  return isDeepStrictEqual(left, right)
}

/** An edit writes line feeds; where every line of the text ended in CR LF, so does every line of the result. */
function inLineEndingsOf(text: string, next: string): string {
  return text.includes('\n') && !/(?<!\r)\n/.test(text) ? next.replace(/(?<!\r)\n/g, '\r\n') : next
}
