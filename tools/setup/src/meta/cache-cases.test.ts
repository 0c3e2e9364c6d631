import { expect, test } from 'vitest'
import { json, text, TRACKED } from './repository.ts'

const CASES = json('apps/cache-server/cases.json') as readonly string[]
const FILES = TRACKED.filter((path) => /^(?:apps\/cache-server|tools\/(?:cache|e2e))\/.*\.test\.ts$/u.test(path))

/** Cases with a test named `cache-07: …`, by number. */
const named = new Set(
  FILES.flatMap((file) => [...text(file).matchAll(/\bcache-(\d{2})\b/gu)].map(([, number]) => Number(number))),
)

test('each of the 45 cases of the cache has a test with its number, and no number is without a case', () => {
  expect(CASES).toHaveLength(45)
  expect(CASES.flatMap((sentence, at) => (named.has(at + 1) ? [] : `cache-${at + 1}: ${sentence}`))).toEqual([])
  expect([...named].filter((number) => number < 1 || number > CASES.length)).toEqual([])
})
