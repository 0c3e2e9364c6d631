import { expect, test } from 'vitest'
import { json, text, TRACKED } from './repository.ts'

const CASES = json('apps/cache-server/cases.json') as readonly string[]
const FILES = TRACKED.filter((path) => /^(?:apps\/cache-server|tools\/(?:cache|e2e))\/.*\.test\.ts$/u.test(path))

/** Files with a test named `cache-07: …`, by the number of the case. */
const named = new Map<number, readonly string[]>()
for (const file of FILES)
  for (const [, number = ''] of text(file).matchAll(/\bcache-(\d{2})\b/gu))
    named.set(Number(number), [...new Set([...(named.get(Number(number)) ?? []), file])])

test('each of the 45 cases of the cache has a test with its number, and no number is without a case', () => {
  const lines = CASES.map((sentence, at) => `cache-${String(at + 1).padStart(2, '0')}  ${sentence}`)
  process.stdout.write(`\n${lines.join('\n')}\n\n`)
  expect(CASES).toHaveLength(45)
  expect(CASES.flatMap((sentence, at) => (named.has(at + 1) ? [] : `cache-${at + 1}: ${sentence}`))).toEqual([])
  expect([...named.keys()].filter((number) => number < 1 || number > CASES.length)).toEqual([])
})
