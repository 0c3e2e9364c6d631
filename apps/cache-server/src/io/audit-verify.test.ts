import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lineAfter } from '../core/audit.ts'
import { put, useAudit } from '../testing/audit-folder.ts'
import { verifyAudit } from './audit-verify.ts'

const here = useAudit()

describe('the verification of an audit', () => {
  it.each<[string, string, (all: string[]) => string[], object]>([
    [
      'a changed line',
      '90-days',
      (all) => all.with(2, all[2]!.replace('"number":3', '"number":4')),
      { line: 3, reason: expect.stringContaining('was changed') },
    ],
    ['a missing line', '90-days', (all) => all.toSpliced(2, 1), { line: 3, reason: expect.stringContaining('3 has to follow') }],
    ['a missing first line', '90-days', (all) => all.slice(1), { line: 1, reason: expect.stringContaining('what stood before') }],
    ['swapped lines', '1-year', (all) => all.toReversed(), { line: 1 }],
    [
      'a missing last line',
      '90-days',
      (all) => all.slice(0, -1),
      { line: 0, reason: expect.stringContaining('lines up to number 6 were there') },
    ],
    ['a line twice', '90-days', (all) => all.toSpliced(2, 0, all[2]!), { line: 4 }],
    ['no line at all', '90-days', (all) => all.with(0, '{"seq":1}'), { line: 1, reason: 'is no line of an audit' }],
    ['a changed line of the permanent chain', 'permanent', (all) => all.with(0, all[0]!.replace('purge', 'purgE')), { line: 1 }],
  ])('shows file and line of %s', async (_, retention, change, found) => {
    await here.write()
    const file = `audit-${retention}-2026-01.jsonl`
    here.rewrite(file, change)
    expect((await verifyAudit(here.folder)).breaks[0]).toMatchObject({ file, ...found })
  })

  it('shows a chain that was written anew as a whole', async () => {
    await here.write()
    const other = mkdtempSync(join(tmpdir(), 'interlock-audit-'))
    const forged = await here.open(other)
    for (let number = 1; number <= 6; number += 1) await forged.append(put(number * 2))
    await forged.close()
    writeFileSync(join(here.folder, here.files()[1]!), readFileSync(join(other, 'audit-90-days-2026-01.jsonl')))
    rmSync(other, { recursive: true })
    expect((await verifyAudit(here.folder)).breaks).toEqual([
      { file: 'audit-90-days-2026-01.jsonl', line: 6, reason: 'another line had this number once' },
    ])
  })

  it('shows a line that was written anew, at the line after it', async () => {
    await here.write()
    here.rewrite('audit-90-days-2026-01.jsonl', (all) => {
      const { previous } = JSON.parse(all[2]!) as { readonly previous: string }
      return all.with(2, lineAfter({ seq: 2, digest: previous }, '2026-01-15T00:00:00.000Z', put(4)).text)
    })
    expect((await verifyAudit(here.folder)).breaks).toEqual([
      { file: 'audit-90-days-2026-01.jsonl', line: 4, reason: 'it follows another line than the one before it' },
    ])
  })

  it('shows a file that is gone', async () => {
    await here.write()
    rmSync(join(here.folder, 'audit-1-year-2026-01.jsonl'))
    expect((await verifyAudit(here.folder)).breaks).toMatchObject([
      { line: 0, reason: expect.stringContaining('lines up to number 2') },
    ])
  })

  it('is nothing in an empty folder', async () => {
    expect(await verifyAudit(here.folder)).toEqual({ files: 0, lines: 0, heads: {}, breaks: [] })
  })
})
