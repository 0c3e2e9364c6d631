import { expect, test } from 'vitest'
import { appendToToml } from './init-toml.ts'

const members = { file: 'Cargo.toml', table: ['workspace'], key: 'members' }

test.each([
  ['one line', '[workspace]\nmembers = ["a"] # all\n', '[workspace]\nmembers = ["a", "b"] # all\n'],
  ['empty', '[workspace]\nmembers = [ ]\nresolver = "2"\n', '[workspace]\nmembers = ["b"]\nresolver = "2"\n'],
  [
    'many lines and a comment',
    '# top\n[workspace]\nmembers = [\n    "z", # first\n    "a"  # no comma\n]\n\n[profile.dev]\n',
    '# top\n[workspace]\nmembers = [\n    "z", # first\n    "a",  # no comma\n    "b",\n]\n\n[profile.dev]\n',
  ],
  ['CRLF', '[workspace]\r\nmembers = [\r\n  "a",\r\n]\r\n', '[workspace]\r\nmembers = [\r\n  "a",\r\n  "b",\r\n]\r\n'],
  ['no array', '[workspace]\nresolver = "2"\n', '[workspace]\nmembers = ["b"]\nresolver = "2"\n'],
  ['no table', '[package]\nname = "x"', '[package]\nname = "x"\n\n[workspace]\nmembers = ["b"]\n'],
  ['a dotted key', 'workspace.members = ["a"]\n', 'workspace.members = ["a", "b"]\n'],
  ['there already', '[workspace]\nmembers = ["b"]\n', '[workspace]\nmembers = ["b"]\n'],
])('a member is added and the rest of the text stays: %s', (_, before, after) => {
  expect(appendToToml(before, members, 'b')).toBe(after)
})

test('a text that would lose something is refused', () => {
  expect(() => appendToToml('workspace = { resolver = "2" }\n', members, 'b')).toThrow(
    /^EDIT_CONFLICT: Cargo\.toml: "b" cannot be added/,
  )
  expect(() => appendToToml('[workspace\n', members, 'b')).toThrow(/^CONFIG_INVALID: Cargo\.toml:1:/)
})
