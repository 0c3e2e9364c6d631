import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChangedFile, reverse } from './init-undo.ts'

const ignore: ChangedFile = {
  path: '.gitignore',
  before: 'target/\n',
  after: 'target/\n.nx/\nnode_modules/\n',
  generated: false,
}
const created: ChangedFile = { path: 'nx.json', before: null, after: '{\n  "analytics": false\n}\n', generated: false }

test('an untouched file is restored byte for byte', () => {
  expect(reverse(ignore, ignore.after)).toEqual({ kind: 'write', text: 'target/\n' })
  expect(reverse(created, created.after)).toEqual({ kind: 'delete' })
})

test('what was edited before or after our lines is kept', () => {
  expect(reverse(ignore, '# Rust\ntarget/\n.nx/\nnode_modules/\n*.log\n')).toEqual({
    kind: 'write',
    text: '# Rust\ntarget/\n*.log\n',
  })
})

test('an edit of our lines is a conflict that names the line and loses nothing', () => {
  expect(reverse(ignore, '# Rust\ntarget/\n.nx/cache/\nnode_modules/\n')).toEqual({ kind: 'conflict', line: 3 })
  expect(reverse(ignore, 'target/\n.nx/\nmine/\nnode_modules/\n')).toEqual({ kind: 'conflict', line: 3 })
  expect(reverse(created, '{\n  "analytics": false,\n  "parallel": 2\n}\n')).toEqual({ kind: 'conflict', line: 2 })
})

test('a file that is gone or already restored needs nothing', () => {
  expect(reverse(ignore, undefined)).toEqual({ kind: 'nothing' })
  expect(reverse(created, undefined)).toEqual({ kind: 'nothing' })
  expect(reverse(ignore, 'target/\n')).toEqual({ kind: 'nothing' })
})

test('a generated file that did not exist is deleted whatever is in it now', () => {
  const closures = { path: 'closures.json', before: null, after: '{}\n', generated: true }
  expect(reverse(closures, '{\n  "a": "b"\n}\n')).toEqual({ kind: 'delete' })
})

test('undoing keeps every line that the user added, or refuses', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 })
  fc.assert(
    fc.property(texts, texts, fc.nat(16), (before, added, at) => {
      const after = [...before, ...added.map((line) => `ours ${line}`)]
      const current = [...after.slice(0, at), 'mine', ...after.slice(at)]
      const file = { path: 'x', before: before.join('\n'), after: after.join('\n'), generated: false }
      const reversal = reverse(file, current.join('\n'))
      const kept = reversal.kind === 'write' && reversal.text.split('\n').filter((line) => line === 'mine').length === 1
      expect(kept || reversal.kind === 'conflict').toBe(true)
    }),
  )
})
