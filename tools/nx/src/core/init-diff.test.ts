import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyChanges, changesBetween, unifiedDiff } from './init-diff.ts'

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '}'), { maxLength: 12 })

test('applying the changes between two texts gives the second one', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      expect(applyChanges(before, changesBetween(before, after))).toEqual(after)
    }),
  )
})

test('equal texts have no changes and no diff', () => {
  expect(changesBetween(['a', 'b'], ['a', 'b'])).toEqual([])
  expect(unifiedDiff('x', 'a\n', 'a\n')).toBe('')
})

test('changes are apart from each other and minimal', () => {
  expect(changesBetween(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e'])).toEqual([
    { from: 1, to: 2, lines: ['x'] },
    { from: 4, to: 4, lines: ['e'] },
  ])
})

test('a new, a changed and a deleted file read as in git', () => {
  expect(unifiedDiff('nx.json', undefined, '{}\n')).toBe('--- /dev/null\n+++ b/nx.json\n@@ -0,0 +1,1 @@\n+{}\n')
  expect(unifiedDiff('nx.json', '{}\n', undefined)).toBe('--- a/nx.json\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-{}\n')
  expect(unifiedDiff('x', 'a\nb', 'a\nb\n')).toBe('--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n')
})
