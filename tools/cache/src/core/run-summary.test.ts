import { expect, test } from 'vitest'
import { bytesText, type EndedRun, summaryLine, summaryMarkdown, summaryOf } from './run-summary.ts'
import { NOTHING, tallied, type Tally, type Told } from './tally.ts'

const after = (...told: readonly Told[]): Tally => told.reduce(tallied, NOTHING)
const UPLOADS = { done: 0, bytes: 0, duplicate: 0, dropped: {}, waiting: 0 }
const ended = (over: Partial<EndedRun>): EndedRun => ({
  endedAt: '2026-01-01T00:00:00.000Z',
  url: 'https://c',
  statuses: [],
  tally: NOTHING,
  uploads: UPLOADS,
  ...over,
})
const hit = (durationMs?: number): Told => ({ outcome: 'hit', bytes: 1500, durationMs })

test.each<[string, Partial<EndedRun>, string]>([
  ['nothing', {}, 'cache: 0 remote and 0 local hits'],
  [
    'hits of both kinds',
    { statuses: ['local-cache', 'local-cache-kept-existing', 'remote-cache'], tally: after(hit()) },
    'cache: 1 remote and 2 local hits, 1.5 kB read',
  ],
  ['what was saved', { tally: after(hit(1200), hit(800)) }, 'cache: 2 remote and 0 local hits, 3.0 kB read, 2.0 s of work saved'],
  [
    'what is known of it',
    { tally: after(hit(1200), hit()) },
    'cache: 2 remote and 0 local hits, 3.0 kB read, 1.2 s of work saved by 1 of them',
  ],
  [
    'misses and uploads',
    { tally: after({ outcome: 'miss' }, { outcome: 'accepted' }), uploads: { ...UPLOADS, done: 1, bytes: 10 } },
    'cache: 0 remote and 0 local hits, 1 miss, 1 upload (10 B)',
  ],
  [
    'a shield that was lost',
    { tally: after({ outcome: 'accepted' }), uploads: undefined },
    'cache: 0 remote and 0 local hits, 1 upload lost with the shield or unknown',
  ],
  [
    'a shield that was lost and followed by another',
    {
      tally: after(...Array.from({ length: 5 }, (): Told => ({ outcome: 'accepted' })), {
        outcome: 'dropped',
        reason: 'shield gone',
      }),
      uploads: { ...UPLOADS, done: 1, bytes: 10, duplicate: 1 },
    },
    'cache: 0 remote and 0 local hits, 1 upload (10 B), 1 there already, 1 not uploaded (shield gone), 3 uploads lost with the shield or unknown',
  ],
  ['a shield that was lost with nothing', { uploads: undefined }, 'cache: 0 remote and 0 local hits'],
  [
    'what is on the way',
    { uploads: { ...UPLOADS, duplicate: 2, waiting: 3 } },
    'cache: 0 remote and 0 local hits, 2 there already, 3 uploads still on the way',
  ],
  [
    'what was dropped here and there',
    {
      tally: after({ outcome: 'dropped', reason: 'read-only' }),
      uploads: { ...UPLOADS, dropped: { 'read-only': 1, 'server error': 1 } },
    },
    'cache: 0 remote and 0 local hits, 3 not uploaded (read-only 2×, server error)',
  ],
  [
    'no access',
    { tally: after({ outcome: 'denied', reason: 'no rule' }) },
    'cache: 0 remote and 0 local hits, no access: no rule',
  ],
  [
    'faults',
    {
      tally: after(
        { outcome: 'fault', reason: 'b' },
        { outcome: 'fault', reason: 'a' },
        { outcome: 'fault', reason: 'b' },
        { outcome: 'not asked' },
      ),
    },
    'cache: 0 remote and 0 local hits, 3 faults absorbed (a, b 2×), 1 question not asked while the cache was ill',
  ],
])('the line tells %s', (_, run, line) => {
  expect(summaryLine(summaryOf(ended(run)))).toBe(line)
})

test('a page shows what a server said as text', () => {
  const tally = after({ outcome: 'denied', reason: '<img src=x> [link](http://x) `code`' })
  expect(summaryMarkdown(summaryOf(ended({ tally })))).toContain(String.raw`\<img src=x\> \[link\](http://x) \`code\``)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_400_000, '1.4 MB'],
  [2.5e12, '2.5 TB'],
  [1e18, '1000000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})
