import { expect, it } from 'vitest'
import { nxIgnore } from './nx-ignore.ts'

const leftOut = (texts: Readonly<Record<string, string>>, paths: readonly string[]): string[] =>
  paths.filter(nxIgnore(new Map(Object.entries(texts))))

it('leaves nothing out without a file', () => {
  expect(leftOut({}, ['a/Cargo.toml'])).toEqual([])
})

it('reads patterns as git does: anchored, of folders, taken back, with comments and CRLF', () => {
  const paths = [
    'fixtures/a/Cargo.toml',
    'x/fixtures/Cargo.toml',
    'template/pyproject.toml',
    'x/template/pyproject.toml',
    'keep.lock',
  ]
  expect(leftOut({ '.nxignore': '# made for tests\r\nfixtures/\r\n/template\r\n*.lock\r\n!keep.lock\r\n' }, paths)).toEqual([
    'fixtures/a/Cargo.toml',
    'x/fixtures/Cargo.toml',
    'template/pyproject.toml',
  ])
})

it('reads a file in a folder for that folder alone', () => {
  const texts = { '.nxignore': 'one\n', 'a/.nxignore': '/two\n' }
  expect(leftOut(texts, ['a/one/f', 'a/two/f', 'a/b/two/f', 'two/f'])).toEqual(['a/one/f', 'a/two/f'])
})

it('promise-2: leaves in what a nearer file may have brought back, and what differs in case', () => {
  const texts = { '.nxignore': 't\n', 'keep/.nxignore': 'gone\n!t\n' }
  expect(leftOut(texts, ['t/f', 'T/f', 'keep/t/f', 'keep/gone/f', 'keep/x/t/f'])).toEqual(['t/f', 'keep/gone/f'])
})
