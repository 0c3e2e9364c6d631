import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditFile, auditFileOf, GENESIS, isOver, lineAfter, readLine } from './audit.ts'

const TIME = '2026-01-15T00:00:00.000Z'

describe('a line of the audit', () => {
  it('names its number, its time, what happened, and the line before', () => {
    const { text } = lineAfter(GENESIS, TIME, { kind: 'purge', workspace: 'acme', detail: { run: '4711', entries: 3 } })
    expect(text).toMatchInlineSnapshot(
      `"{"seq":1,"time":"2026-01-15T00:00:00.000Z","kind":"purge","workspace":"acme","detail":{"run":"4711","entries":3},"previous":"0000000000000000000000000000000000000000000000000000000000000000","digest":"5e0f6a51df7fa26636c7bfd04f754084e752af74eea6d06c998bcdce874443b1"}"`,
    )
  })

  it('is read as it was written, whatever it says', () => {
    const detail = fc.dictionary(
      fc.string(),
      fc.oneof(
        fc.string({ maxLength: 50 }),
        fc.integer(),
        fc.boolean(),
        fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }),
      ),
    )
    fc.assert(
      fc.property(detail, fc.nat(), (written, seq) => {
        const { text, head } = lineAfter({ seq, digest: 'a'.repeat(64) }, TIME, { kind: 'deny', detail: written })
        expect(text).not.toMatch(/[\n\r]/)
        expect(readLine(text)).toMatchObject({ seq: seq + 1, digest: head.digest, previous: 'a'.repeat(64) })
      }),
    )
  })

  it('is broken by the change of any character', () => {
    const { text } = lineAfter(GENESIS, TIME, { kind: 'put', detail: { scope: 'trusted/main', size: 1 } })
    for (let at = 0; at < text.length; at += 1) {
      const changed = `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`
      expect(readLine(changed)).toHaveProperty('broken')
      expect(readLine(text.slice(0, at))).toHaveProperty('broken')
    }
  })

  it.each([
    'null',
    '{"seq":1,"detail":null}',
    '{"seq":"1"}',
    '{"seq":1,"time":"","kind":"put","detail":{"a":{}},"previous":""}',
    '[]',
  ])('is none when it has another shape, even with a digest that fits: %s', (body) => {
    const digest = createHash('sha256').update(body).digest('hex')
    expect(readLine(`${body.slice(0, -1)},"digest":"${digest}"}`)).toHaveProperty('broken')
  })
})

describe('the files of the audit', () => {
  it('say their class and month, and no other name does', () => {
    expect(auditFileOf(auditFile('90-days', '2026-11'))).toEqual({ retention: '90-days', month: '2026-11' })
    for (const name of [
      'audit-90-days-2026-11.jsonl.bak',
      '../audit-90-days-2026-11.jsonl',
      'audit-5-days-2026-11.jsonl',
      'lock',
    ])
      expect(auditFileOf(name)).toBeUndefined()
  })

  it('are over when the whole month is older than the class keeps', () => {
    const day = 86_400_000
    expect(isOver('90-days', 0, 90 * day)).toBe(false)
    expect(isOver('90-days', 0, 90 * day + 1)).toBe(true)
    expect(isOver('1-year', 0, 366 * day)).toBe(true)
    expect(isOver('permanent', 0, Number.MAX_SAFE_INTEGER)).toBe(false)
  })
})
