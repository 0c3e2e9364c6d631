import * as fc from 'fast-check'
import { parse as parseJsonc } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { parseToml } from '../toml.ts'
import { edited, sameValue, type Edit, type EditValue } from './edit.ts'
import { editJson } from './json.ts'
import { editToml } from './toml.ts'
import { tomlText } from './toml-text.ts'
import { editYaml } from './yaml.ts'

const place = { file: 'a/file' }
const set = (path: Edit['path'], value: EditValue): Edit => ({ kind: 'set', path, value })
const insert = (path: Edit['path'], value: EditValue): Edit => ({ kind: 'insert', path, value })
const remove = (path: Edit['path']): Edit => ({ kind: 'remove', path })

describe('JSON', () => {
  const text = '{\n\t// the name\n\t"name": "x", "list": [1],\n}\n'

  test('comments, tabs and trailing commas stay', () => {
    expect(editJson(text, [set(['name'], 'y'), insert(['list', -1], 2), insert(['list', 0], 0)], place)).toBe(
      '{\n\t// the name\n\t"name": "y", "list": [0, 1, 2],\n}\n',
    )
  })

  test('a new value is laid out like its neighbours', () => {
    const two = '{\n  "a": {\n    "b": 1\n  }\n}\n'
    expect(editJson(two, [set(['a', 'c'], { d: [1] }), set(['a', 'b'], [2])], place)).toBe(
      '{\n  "a": {\n    "b": [\n      2\n    ],\n    "c": {\n      "d": [\n        1\n      ]\n    }\n  }\n}\n',
    )
    expect(editJson(two, [remove(['a', 'b'])], place)).toContain('"a": {')
  })

  test('a broken text is a conflict that names the file', () => {
    expect(() => editJson('{"a": }', [set(['a'], 1)], place)).toThrow(/^EDIT_CONFLICT: a\/file: cannot set `a`: not valid JSON/)
  })
})

describe('TOML', () => {
  const text = `# head
name = "x" # why

[a] # a table
list = [
  "one", # first
  "two",
]
inline = { k = 1, l = 2 }

# about b
[b.c]
key = 1
`

  test.each<[string, Edit, string, string]>([
    ['a value is replaced', set(['name'], 'y'), 'name = "x" # why', 'name = "y" # why'],
    ['a key joins its table', set(['a', 'new'], true), 'l = 2 }\n', 'l = 2 }\nnew = true\n'],
    ['a key joins an inline table', set(['a', 'inline', 'm'], 3), 'l = 2 }', 'l = 2, m = 3 }'],
    ['a key of the head stays above the tables', set(['version'], '1'), '# why\n', '# why\nversion = "1"\n'],
    ['a new table goes to the end', set(['d', 'e'], [1, 2]), 'key = 1\n', 'key = 1\n\n[d]\ne = [1, 2]\n'],
    ['an item goes on a line of its own', insert(['a', 'list', 0], 'zero'), '  "one"', '  "zero",\n  "one"'],
    ['an item is appended', insert(['a', 'list', -1], 'three'), '"two",', '"two",\n  "three",'],
    ['a list is made', insert(['a', 'names', -1], 'n'), 'l = 2 }\n', 'l = 2 }\nnames = ["n"]\n'],
    ['a pair goes with its line', remove(['name']), 'name = "x" # why\n', ''],
    ['a key leaves an inline table', remove(['a', 'inline', 'l']), 'k = 1, l = 2', 'k = 1'],
    ['an item leaves a list', remove(['a', 'list', 1]), '  "two",\n', ''],
    ['a table goes with its header', remove(['b', 'c']), '[b.c]\nkey = 1\n', ''],
  ])('%s', (_, edit, before, after) => {
    expect(editToml(text, [edit], place)).toBe(text.replace(before, after))
  })

  test('a header cannot be replaced as a whole', () => {
    expect(() => editToml(text, [set(['a'], 1)], place)).toThrow(/^EDIT_CONFLICT: a\/file: cannot set `a`/)
  })
})

test('YAML keeps comments and quotes', () => {
  const text = "# head\ngraph:\n  # why\n  irrelevant:\n    - 'a' # first\n"
  expect(editYaml(text, [insert(['graph', 'irrelevant', -1], 'b'), set(['graph', 'more'], true)], place)).toBe(
    "# head\ngraph:\n  # why\n  irrelevant:\n    - 'a' # first\n    - b\n  more: true\n",
  )
})

describe.each([
  ['JSON', editJson, '{"kept": 1}\n', (text: string): unknown => parseJsonc(text)],
  ['TOML', editToml, 'kept = 1\n', (text: string): unknown => parseToml(text, { file: 'f', code: 'EDIT_CONFLICT' })],
  ['YAML', editYaml, 'kept: 1\n', (text: string): unknown => parseYaml(text) as unknown],
] as const)('every %s edit', (_, edit, start, read) => {
  const key = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name !== '__proto__' && name !== 'kept')
  const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean())
  const value = fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, leaf))

  test('holds what it says and nothing else, and can be taken back', () => {
    fc.assert(
      fc.property(key, key, value, (outer, inner, written) => {
        const change = set([outer, inner], written)
        const text = edit(start, [change], place)
        expect(sameValue(read(text), edited({ kept: 1 }, change))).toBe(true)
        expect(edit(text, [change], place)).toBe(text)
        expect(sameValue(read(edit(text, [remove([outer])], place)), { kept: 1 })).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('keeps CR LF and the byte order mark', () => {
    const text = edit(`\uFEFF${start.replaceAll('\n', '\r\n')}`, [set(['a', 'b'], 'c')], place)
    expect(text.startsWith('\uFEFF')).toBe(true)
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  })

  test('of a list inserts, replaces and removes', () => {
    const edits = [
      insert(['list', -1], 'a'),
      insert(['list', -1], 'c'),
      insert(['list', 1], 'b'),
      set(['list', 0], 'z'),
      remove(['list', 2]),
    ]
    expect(read(edit(start, edits, place))).toMatchObject({ kept: 1, list: ['z', 'b'] })
  })

  test('refuses an index that is not there and a path through a scalar', () => {
    expect(() => edit(start, [insert(['list', -1], 'a'), set(['list', 4], 'b')], place)).toThrow('EDIT_CONFLICT')
    expect(() => edit(start, [set(['kept', 'deeper'], 1)], place)).toThrow('EDIT_CONFLICT')
    expect(edit(start, [remove(['nothing', 'here'])], place)).toBe(start)
  })
})

test('numbers of TOML keep their value', () => {
  expect([1, -2.5, 1e21, Number.NaN, -Infinity].map(tomlText)).toEqual(['1', '-2.5', '1e+21', 'nan', '-inf'])
})
