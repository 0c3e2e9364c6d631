import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { strictJsonObject } from './strict-json.ts'

test('an object is returned as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (object) => {
      const text = JSON.stringify(object, undefined, 2)
      const result = strictJsonObject(text, 'closures.json')
      expect(result).toEqual({ ok: true, value: JSON.parse(text) })
    }),
  )
})

test.each([
  ['', 'c.json:1:1', 'value expected'],
  ['[]', 'c.json', 'the document is not an object'],
  ['null', 'c.json', 'the document is not an object'],
  ['{"a": 1, "a": 2}', 'c.json:1:10', 'the key "a" is there twice'],
  [String.raw`{"a": 1, "\u0061": 2}`, 'c.json:1:10', 'the key "a" is there twice'],
  ['{\n  "a": [{"b": 1, "b": 2}]\n}', 'c.json:2:18', 'the key "b" is there twice'],
  ['{"a": 1,}', 'c.json:1:9', 'property name expected'],
  ['// x\n{}', 'c.json:1:1', 'invalid comment token'],
  ['\uFEFF{}', 'c.json:1:1', 'invalid symbol'],
  ['{"a": 01}', 'c.json:1:8', 'comma expected'],
  ['{"a": 1e999}', 'c.json:1:7', 'the number is too large'],
  [String.raw`{"a": "\ud800"}`, 'c.json:1:7', 'the string holds an unpaired surrogate'],
  ['{} {}', 'c.json:1:4', 'end of file expected'],
  ['<<<<<<< HEAD\n{}', 'c.json:1:1', 'invalid symbol'],
])('%j is refused', (text, file, reason) => {
  expect(strictJsonObject(text, 'c.json')).toEqual({ ok: false, file, reason })
})

test.each([200, 200_000])('%i levels of nesting are refused, not a crash', (levels) => {
  const result = strictJsonObject(`{"a": ${'['.repeat(levels)}${']'.repeat(levels)}}`, 'c.json')
  expect(result.ok).toBe(false)
})

test('whatever the text is, nothing is thrown and nothing is accepted that JSON.parse refuses', () => {
  const noise = fc.string({ unit: fc.constantFrom('{', '}', '"', 'a', ':', ',', '1', '[', ']', ' ', '/', '*', '\\', '\n') })
  fc.assert(
    fc.property(noise, (text) => {
      const result = strictJsonObject(text, 'c.json')
      const parsed: unknown = result.ok ? JSON.parse(text) : undefined
      expect(result).toEqual(result.ok ? { ok: true, value: parsed } : { ok: false, file: result.file, reason: result.reason })
    }),
    { numRuns: 2000 },
  )
})
