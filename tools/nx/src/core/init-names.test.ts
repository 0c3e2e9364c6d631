import { expect, test } from 'vitest'
import { checkCrateName, checkDirectory, checkPythonName, moduleName } from './init-names.ts'

const HOSTILE = [
  '',
  '.',
  '..',
  '../x',
  '/etc',
  'a/b',
  'a\\b',
  '-x',
  '--help',
  'a b',
  '$(id)',
  '`id`',
  'a;b',
  'a&b',
  'a|b',
  "a'b",
  'a"b',
  'é',
  'a\nb',
  'A',
  '1a',
  'a--b',
  'a-',
  'con',
  'x'.repeat(65),
]

test.each(HOSTILE)('%j names neither a crate nor a Python package', (name) => {
  expect(() => checkCrateName(name)).toThrow(/^CONFIG_INVALID: /)
  expect(() => checkPythonName(name)).toThrow(/^CONFIG_INVALID: /)
})

test('words of the language and names of its library are refused', () => {
  for (const name of ['fn', 'test', 'core', 'proc-macro', 'self']) expect(() => checkCrateName(name)).toThrow('the language')
  for (const name of ['class', 'json', 'tests', 'none']) expect(() => checkPythonName(name)).toThrow('the language')
})

test('usual names pass', () => {
  expect(['a', 'my-crate', 'my_crate2'].map(checkCrateName)).toEqual(['a', 'my-crate', 'my_crate2'])
  expect(moduleName(checkPythonName('my-package'))).toBe('my_package')
})

test.each([
  '..',
  '../x',
  'a/../b',
  '/tmp',
  'a//b',
  '.git',
  'a/.x',
  '-x',
  '$(id)',
  'a b',
  'a\\b',
  'node_modules',
  'target/x',
  'C:',
  'a.',
  '',
])('no project goes into %j', (directory) => expect(() => checkDirectory(directory)).toThrow(/^CONFIG_INVALID: /))

test('usual directories pass', () => {
  expect(['.', 'libs', 'libs/', 'a/b.c/@d'].map(checkDirectory)).toEqual(['.', 'libs', 'libs', 'a/b.c/@d'])
})
