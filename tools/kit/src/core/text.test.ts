import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBoundedText } from './bounded-text.ts'
import { commandText, lastLines } from './command-text.ts'
import { createLinePrefixer } from './line-prefix.ts'
import { lineColumn } from './place.ts'

describe('a bounded text', () => {
  test('is complete while it fits', () => {
    const kept = createBoundedText(6)
    kept.push('abc')
    kept.push('def')
    expect([kept.text(), kept.cutBytes()]).toEqual(['abcdef', 0])
  })

  test('keeps head and tail and says how much is missing', () => {
    const kept = createBoundedText(6)
    for (const digit of '0123456789') kept.push(digit)
    expect([kept.text(), kept.cutBytes()]).toEqual(['012\n[… 4 bytes cut …]\n789', 4])
  })

  test('never cuts through a character and accounts for every byte', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat(40), (pieces, room) => {
        const kept = createBoundedText(room)
        for (const piece of pieces) kept.push(piece)
        const whole = pieces.join('')
        const [head = '', tail = ''] = kept.text().split(`\n[… ${kept.cutBytes()} bytes cut …]\n`)
        if (kept.cutBytes() === 0) return kept.text() === whole
        const bytes = Buffer.byteLength(head) + Buffer.byteLength(tail)
        expect(bytes).toBeLessThanOrEqual(room)
        expect(bytes + kept.cutBytes()).toBe(Buffer.byteLength(whole))
        return whole.startsWith(head) && whole.endsWith(tail)
      }),
    )
  })

  test('stays small whatever is pushed', () => {
    const kept = createBoundedText(1000)
    const piece = 'x'.repeat(100_000)
    for (let count = 0; count < 1000; count += 1) kept.push(piece)
    expect(kept.cutBytes()).toBe(100_000_000 - 1000)
  })
})

describe('a line prefixer', () => {
  test('prefixes complete lines and the last one at the end', () => {
    const lines = createLinePrefixer('he | ')
    expect([lines.push('a\nb'), lines.push('c\n\nd'), lines.end(), lines.end()]).toEqual([
      'he | a\n',
      'he | bc\nhe | \n',
      'he | d\n',
      '',
    ])
  })
})

test('a command is shown as it would be typed', () => {
  expect(commandText(['cargo', 'test', '-p', "it's"])).toBe(String.raw`cargo test -p 'it'\''s'`)
})

test('lastLines leaves trailing blank lines out', () => {
  expect(lastLines('a\nb\nc\n\n', 2)).toBe('b\nc')
})

test('an offset has a line and a column from 1', () => {
  expect([lineColumn('ab\ncd', 0), lineColumn('ab\ncd', 4)]).toEqual(['1:1', '2:2'])
})
