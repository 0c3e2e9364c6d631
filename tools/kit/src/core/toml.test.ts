import { describe, expect, test } from 'vitest'
import {
  booleanAt,
  expectBoolean,
  expectPercent,
  expectString,
  expectStrings,
  expectTable,
  expectTables,
  parseToml,
  stringAt,
  stringsAt,
  tableAt,
  tablesAt,
  valueAt,
  type TomlPlace,
} from './toml.ts'

const place: TomlPlace = { file: 'a/Cargo.toml', code: 'CARGO_MANIFEST_UNREADABLE', hint: 'mend it' }
const table = parseToml(
  `name = "a"
flag = true
words = ["x", "y"]
mixed = ["x", 1]
day = 2026-11-24
large = 9007199254740993
[deps.serde]
version = "1"
[[package]]
name = "p"
`,
  place,
)

test('a broken document names file, line, column and the reason on one line', () => {
  expect(() => parseToml('a = 1\nb = \n', place)).toThrowErrorMatchingInlineSnapshot(`
    [InterlockError: CARGO_MANIFEST_UNREADABLE: a/Cargo.toml:2:5: not valid TOML: invalid value

    hint: mend it]
  `)
})

test('a document that is nested without end is an error of the file, not a crash', () => {
  expect(() => parseToml(`a = ${'['.repeat(50_000)}`, place)).toThrow(/^CARGO_MANIFEST_UNREADABLE: a\/Cargo\.toml/)
})

test('an integer beyond 2^53 keeps its value', () => {
  expect(valueAt(table, ['large'])).toBe(9_007_199_254_740_993n)
})

test('keys of the object prototype are ordinary keys', () => {
  expect(stringAt(parseToml('constructor = "x"', place), ['constructor'])).toBe('x')
  expect(valueAt(parseToml('', place), ['constructor'])).toBeUndefined()
})

describe('the lenient accessors', () => {
  test('return the value of their type', () => {
    expect(stringAt(table, ['deps', 'serde', 'version'])).toBe('1')
    expect(booleanAt(table, ['flag'])).toBe(true)
    expect(stringsAt(table, ['words'])).toEqual(['x', 'y'])
    expect(tableAt(table, ['deps', 'serde'])).toEqual({ version: '1' })
    expect(tablesAt(table, ['package'])).toEqual([{ name: 'p' }])
  })

  test('return undefined when a key is absent, the type differs, or the way leads through a scalar', () => {
    expect(stringAt(table, ['nothing'])).toBeUndefined()
    expect(stringAt(table, ['flag'])).toBeUndefined()
    expect(stringsAt(table, ['mixed'])).toBeUndefined()
    expect(tableAt(table, ['day'])).toBeUndefined()
    expect(tablesAt(table, ['words'])).toBeUndefined()
    expect(stringAt(table, ['name', 'version'])).toBeUndefined()
  })
})

describe('the expecting accessors', () => {
  const from = { table, place }

  test('return the value or undefined like the lenient ones', () => {
    expect(expectString(from, ['name'])).toBe('a')
    expect(expectBoolean(from, ['flag'])).toBe(true)
    expect(expectPercent({ table: { share: 85.5 }, place }, ['share'])).toBe(85.5)
    expect(expectStrings(from, ['words'])).toEqual(['x', 'y'])
    expect(expectTable(from, ['deps'])).toEqual({ serde: { version: '1' } })
    expect(expectTables(from, ['package'])).toHaveLength(1)
    expect(expectString(from, ['deps', 'tokio', 'version'])).toBeUndefined()
  })

  test.each([
    [() => expectString(from, ['flag']), '`flag` must be a string, not a boolean'],
    [() => expectBoolean(from, ['name']), '`name` must be a boolean, not a string'],
    [() => expectPercent({ table: { share: 101 }, place }, ['share']), '`share` must be a number from 0 to 100, not a number'],
    [
      () => expectPercent({ table: { share: Number.NaN }, place }, ['share']),
      '`share` must be a number from 0 to 100, not a number',
    ],
    [() => expectPercent(from, ['name']), '`name` must be a number from 0 to 100, not a string'],
    [() => expectStrings(from, ['mixed']), '`mixed` must be an array of strings, not an array'],
    [() => expectTables(from, ['deps']), '`deps` must be an array of tables, not a table'],
    [() => expectTable(from, ['day']), '`day` must be a table, not a date'],
    [() => expectString(from, ['large']), '`large` must be a string, not a number'],
    [() => expectString(from, ['name', 'a b']), '`name` must be a table, not a string'],
  ])('throw for another type (%#)', (read, message) => {
    expect(read).toThrow(`CARGO_MANIFEST_UNREADABLE: a/Cargo.toml: ${message}\n\nhint: mend it`)
  })
})
