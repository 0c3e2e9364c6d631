import { expect, test } from 'vitest'
import { z } from 'zod'
import { knownKeys } from './known-keys.ts'

const schema = z.strictObject({
  list: z.array(z.strictObject({ name: z.string(), owner: z.string().optional() })).default([]),
  record: z.record(z.string(), z.strictObject({ deep: z.string() })).optional(),
  text: z.string().optional(),
})

test('the keys that are known are those of the place, through lists and records', () => {
  expect(knownKeys(schema, [])).toEqual(['list', 'record', 'text'])
  expect(knownKeys(schema, ['list', 3])).toEqual(['name', 'owner'])
  expect(knownKeys(schema, ['record', 'any'])).toEqual(['deep'])
})

test('a place that holds no keys has none', () => {
  expect([knownKeys(schema, ['text']), knownKeys(schema, ['absent', 'deeper', 0])]).toEqual([[], []])
})
