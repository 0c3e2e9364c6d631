import { parse, TomlDate, TomlError } from 'smol-toml'
import type { ErrorCode } from './error-codes.ts'
import { InterlockError } from './error.ts'

/** A date or time is a `TomlDate` (a `Date` that keeps its form); an integer beyond 2^53 is a `bigint`. */
export type TomlValue = string | number | bigint | boolean | TomlDate | readonly TomlValue[] | TomlTable

export interface TomlTable {
  readonly [key: string]: TomlValue
}

/** Where a TOML text came from and which error says that it cannot be used. */
export interface TomlPlace {
  /** Workspace-relative path of the file. */
  readonly file: string
  readonly code: ErrorCode
  readonly hint?: string
}

/**
 * Parses TOML 1.0. The text must not start with a byte order mark.
 *
 * Throws `InterlockError` with `place.code`, `file:line:column` and the parser's reason on one line.
 */
export function parseToml(text: string, place: TomlPlace): TomlTable {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' })
  } catch (cause) {
    if (!(cause instanceof TomlError)) {
      throw new InterlockError(place.code, `not valid TOML: ${firstLine(cause)}`, { file: place.file, hint: place.hint, cause })
    }
    const reason = firstLine(cause).replace('Invalid TOML document: ', '')
    const file = `${place.file}:${cause.line}:${cause.column}`
    throw new InterlockError(place.code, `not valid TOML: ${reason}`, { file, hint: place.hint, cause })
  }
}

/** The value at a path of keys; `undefined` when a key is absent or a value on the way is not a table. */
export function valueAt(table: TomlTable, path: readonly string[]): TomlValue | undefined {
  let value: TomlValue | undefined = table
  for (const key of path) {
    if (value === undefined || !isTable(value)) return undefined
    value = Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value
}

/** The table at a path; `undefined` when there is none or the value is of another type. */
export function tableAt(table: TomlTable, path: readonly string[]): TomlTable | undefined {
  return only(valueAt(table, path), isTable)
}

/** The array of tables at a path (`[[package]]`); `undefined` when there is none or an item is of another type. */
export function tablesAt(table: TomlTable, path: readonly string[]): readonly TomlTable[] | undefined {
  return only(valueAt(table, path), isTables)
}

/** The string at a path; `undefined` when there is none or the value is of another type. */
export function stringAt(table: TomlTable, path: readonly string[]): string | undefined {
  return only(valueAt(table, path), isString)
}

/** The array of strings at a path; `undefined` when there is none or an item is of another type. */
export function stringsAt(table: TomlTable, path: readonly string[]): readonly string[] | undefined {
  return only(valueAt(table, path), isStrings)
}

/** The boolean at a path; `undefined` when there is none or the value is of another type. */
export function booleanAt(table: TomlTable, path: readonly string[]): boolean | undefined {
  return only(valueAt(table, path), isBoolean)
}

/** A table and where it came from: what the `expect…` accessors need to name the file in their error. */
export interface PlacedTable {
  readonly table: TomlTable
  readonly place: TomlPlace
}

/** Like `tableAt`; a value of another type throws `InterlockError` with the place's code. */
export function expectTable(from: PlacedTable, path: readonly string[]): TomlTable | undefined {
  return expectKind(from, path, TABLE)
}

/** Like `tablesAt`; a value of another type throws `InterlockError` with the place's code. */
export function expectTables(from: PlacedTable, path: readonly string[]): readonly TomlTable[] | undefined {
  return expectKind(from, path, TABLES)
}

/** Like `stringAt`; a value of another type throws `InterlockError` with the place's code. */
export function expectString(from: PlacedTable, path: readonly string[]): string | undefined {
  return expectKind(from, path, STRING)
}

/** Like `stringsAt`; a value of another type throws `InterlockError` with the place's code. */
export function expectStrings(from: PlacedTable, path: readonly string[]): readonly string[] | undefined {
  return expectKind(from, path, STRINGS)
}

/** Like `booleanAt`; a value of another type throws `InterlockError` with the place's code. */
export function expectBoolean(from: PlacedTable, path: readonly string[]): boolean | undefined {
  return expectKind(from, path, BOOLEAN)
}

/** The number from 0 to 100 at a path; any other value throws `InterlockError` with the place's code. */
export function expectPercent(from: PlacedTable, path: readonly string[]): number | undefined {
  return expectKind(from, path, PERCENT)
}

interface Kind<T extends TomlValue> {
  readonly is: (value: TomlValue) => value is T
  readonly name: string
}

const TABLE: Kind<TomlTable> = { is: isTable, name: 'a table' }
const TABLES: Kind<readonly TomlTable[]> = { is: isTables, name: 'an array of tables' }
const STRING: Kind<string> = { is: isString, name: 'a string' }
const STRINGS: Kind<readonly string[]> = { is: isStrings, name: 'an array of strings' }
const BOOLEAN: Kind<boolean> = { is: isBoolean, name: 'a boolean' }
const PERCENT: Kind<number> = { is: isPercent, name: 'a number from 0 to 100' }

function expectKind<T extends TomlValue>(from: PlacedTable, path: readonly string[], kind: Kind<T>): T | undefined {
  let value: TomlValue = from.table
  for (let depth = 0; depth < path.length; depth += 1) {
    if (!isTable(value)) throw wrongKind(from.place, path.slice(0, depth), `a table, not ${nameOf(value)}`)
    const key = path[depth] ?? ''
    const next: TomlValue | undefined = Object.hasOwn(value, key) ? value[key] : undefined
    if (next === undefined) return undefined
    value = next
  }
  if (kind.is(value)) return value
  throw wrongKind(from.place, path, `${kind.name}, not ${nameOf(value)}`)
}

function wrongKind(place: TomlPlace, path: readonly string[], expectation: string): InterlockError {
  const key = path.map((part) => (/^[\w-]+$/.test(part) ? part : JSON.stringify(part))).join('.')
  return new InterlockError(place.code, `\`${key}\` must be ${expectation}`, { file: place.file, hint: place.hint })
}

function only<T extends TomlValue>(value: TomlValue | undefined, is: (value: TomlValue) => value is T): T | undefined {
  return value !== undefined && is(value) ? value : undefined
}

/** Whether a value is a table (and not an array, a date or a scalar). */
export function isTable(value: TomlValue): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof TomlDate)
}

function isTables(value: TomlValue): value is readonly TomlTable[] {
  return Array.isArray(value) && value.every(isTable)
}

function isString(value: TomlValue): value is string {
  return typeof value === 'string'
}

function isStrings(value: TomlValue): value is readonly string[] {
  return Array.isArray(value) && value.every(isString)
}

function isBoolean(value: TomlValue): value is boolean {
  return typeof value === 'boolean'
}

function isPercent(value: TomlValue): value is number {
  return typeof value === 'number' && value >= 0 && value <= 100
}

function nameOf(value: TomlValue): string {
  if (Array.isArray(value)) return 'an array'
  if (value instanceof TomlDate) return 'a date'
  if (typeof value === 'object') return 'a table'
  return typeof value === 'bigint' ? 'a number' : `a ${typeof value}`
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? ''
}
