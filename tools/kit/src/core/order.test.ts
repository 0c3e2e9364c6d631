import { expect, test } from 'vitest'
import { by, byText, sortedRecord, sortedUnique } from './order.ts'

test('texts are ordered by code unit, not by the locale', () => {
  expect(['ä', 'b', 'Z', 'a', 'a-1', 'a1'].sort(byText)).toEqual(['Z', 'a', 'a-1', 'a1', 'b', 'ä'])
  expect(byText('same', 'same')).toBe(0)
})

test('items are ordered by one of their texts', () => {
  expect([{ name: 'b' }, { name: 'a' }].sort(by((item) => item.name))).toEqual([{ name: 'a' }, { name: 'b' }])
})

test('sortedUnique drops what is there twice', () => {
  expect(sortedUnique(['b', 'a', 'b'])).toEqual(['a', 'b'])
})

test('sortedRecord orders the keys and keeps the values', () => {
  expect(JSON.stringify(sortedRecord({ b: 1, a: 2 }))).toBe('{"a":2,"b":1}')
})
