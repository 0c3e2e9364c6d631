import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRedactor, MASK, redact } from './redact.ts'

test('every secret is replaced, the longest first', () => {
  expect(redact('key=abcdef key=abc.', ['abc', 'abcdef', ''])).toBe(`key=${MASK} key=${MASK}.`)
})

test('characters that mean something in a pattern are taken as they are', () => {
  expect(redact('a.c abc $^', ['a.c', '$^'])).toBe(`${MASK} abc ${MASK}`)
})

test('a text without secrets passes through at once', () => {
  expect(createRedactor([]).push('anything')).toBe('anything')
  expect(createRedactor(['secret']).push('harmless text')).toBe('harmless text')
})

test('what may be the start of a secret waits for the next piece', () => {
  const redactor = createRedactor(['secret'])
  expect([redactor.push('a sec'), redactor.push('ret b'), redactor.push(' se'), redactor.end()]).toEqual([
    'a ',
    `${MASK} b`,
    ' ',
    'se',
  ])
})

test('the result does not depend on how the text is cut into pieces', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(fc.array(text), fc.array(text, { maxLength: 4 }), (pieces, secrets) => {
      const redactor = createRedactor(secrets)
      const streamed = pieces.map((piece) => redactor.push(piece)).join('') + redactor.end()
      expect(streamed).toBe(redact(pieces.join(''), secrets))
    }),
    { numRuns: 2000 },
  )
})
