import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scopeClassOf, scopeName, scopeOf, trustedScope } from './scope.ts'

describe('the name of a scope', () => {
  it.each([
    ['refs/heads/main', 'refs~2fheads~2fmain'],
    ['refs/pull/5/merge', 'refs~2fpull~2f5~2fmerge'],
    ['refs/heads/gh-readonly-queue/main/pr-5-abc', 'refs~2fheads~2fgh-readonly-queue~2fmain~2fpr-5-abc'],
    ['../../trusted', '~2e~2e~2f~2e~2e~2ftrusted'],
    ['Main', '~4dain'],
    ['ä', '~c3~a4'],
    ['a\nb\u0000', 'a~0ab~00'],
  ])('of %j is %s', (text, name) => {
    expect(scopeName(text)).toBe(name)
  })

  it('cache-16: is another for another text, and stays where it is put', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom('', '\uD800', '\uDFFF', '\uFFFD', '~', '~~', 'A', 'a', '~61', '.', '..', 'a'.repeat(161), 'a'.repeat(162)),
    )
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        expect(scopeName(left)).toMatch(/^[a-z0-9_~-]{1,160}$/)
        expect(scopeName(left) === scopeName(right)).toBe(left === right)
        expect(scopeName(left).toUpperCase() === scopeName(right).toUpperCase()).toBe(left === right)
      }),
      { numRuns: 2000 },
    )
  })

  it('is of the class that it was made for, and of no other', () => {
    expect(scopeOf('pr', 'github', 'refs/pull/5/merge')).toBe('pr/github.refs~2fpull~2f5~2fmerge')
    expect(scopeClassOf(scopeOf('queue', 'github', '../trusted/main'))).toBe('queue')
    expect(scopeClassOf(trustedScope('main'))).toBe('trusted')
    for (const text of ['', 'trusted', 'trusted/', 'trusted/a/b', 'main', 'trusted/a\n', 'TRUSTED/a', 'x/trusted/a'])
      expect(scopeClassOf(text)).toBeUndefined()
  })
})
