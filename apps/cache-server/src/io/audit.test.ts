import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../core/access.ts'
import { lineAfter } from '../core/audit.ts'
import { scriptCommand } from '../testing/run-store-process.ts'
import { type AuditFolder, openAudit } from './audit.ts'
import { type AuditReport, verifyAudit } from './audit-verify.ts'

const DAY = 86_400_000
/** The flag that makes a private mount namespace here; `undefined` where this user or system cannot. */
const NAMESPACE = ['-m', '-rm'].find((flag) => spawnSync('unshare', [flag, 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp']).status === 0)
let folder: string
let time: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-audit-'))
  time = Date.UTC(2026, 0, 15)
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = async (): Promise<AuditFolder> => openAudit({ folder, clock: () => time })
const put = (number: number): AuditEvent => ({ kind: 'put', workspace: 'acme', detail: { number, scope: 'trusted/main' } })
const files = (): readonly string[] => readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
const lines = (name: string): readonly string[] => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
const rewrite = (name: string, change: (all: string[]) => string[]): void =>
  writeFileSync(
    join(folder, name),
    change([...lines(name)])
      .map((line) => `${line}\n`)
      .join(''),
  )

/** An audit with lines of every class, closed. */
async function written(): Promise<AuditReport> {
  const audit = await open()
  for (let number = 1; number <= 5; number += 1) await audit.append(put(number))
  for (const kind of ['deny', 'start', 'purge', 'quarantine', 'divergence', 'exchange'] as const)
    await audit.append({ kind, detail: { what: kind } })
  await audit.close()
  return verifyAudit(folder)
}

describe('the audit', () => {
  it('keeps each kind of line in the file of its class and month', async () => {
    expect(await written()).toMatchObject({ files: 3, lines: 13, breaks: [] })
    expect(files()).toEqual(['audit-1-year-2026-01.jsonl', 'audit-90-days-2026-01.jsonl', 'audit-permanent-2026-01.jsonl'])
    const kinds = lines('audit-permanent-2026-01.jsonl').map((line) => (JSON.parse(line) as AuditEvent).kind)
    expect(kinds).toEqual(['purge', 'quarantine', 'divergence', 'anchor', 'anchor'])
  })

  it('goes on where it ended, also after many lines at the same time', async () => {
    await written()
    const audit = await open()
    await Promise.all(Array.from({ length: 500 }, async (_, number) => audit.append(put(number))))
    await audit.close()
    const report = await verifyAudit(folder)
    expect(report.breaks).toEqual([])
    expect(report.heads['90-days']?.seq).toBe(506)
  })

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
    await written()
    const file = `audit-${retention}-2026-01.jsonl`
    rewrite(file, change)
    expect((await verifyAudit(folder)).breaks[0]).toMatchObject({ file, ...found })
  })

  it('shows a chain that was written anew as a whole', async () => {
    await written()
    const other = mkdtempSync(join(tmpdir(), 'interlock-audit-'))
    const forged = await openAudit({ folder: other, clock: () => time })
    for (let number = 1; number <= 6; number += 1) await forged.append(put(number * 2))
    await forged.close()
    writeFileSync(join(folder, files()[1]!), readFileSync(join(other, 'audit-90-days-2026-01.jsonl')))
    rmSync(other, { recursive: true })
    expect((await verifyAudit(folder)).breaks).toEqual([
      { file: 'audit-90-days-2026-01.jsonl', line: 6, reason: 'another line had this number once' },
    ])
  })

  it('shows a line that was written anew, at the line after it', async () => {
    await written()
    rewrite('audit-90-days-2026-01.jsonl', (all) => {
      const { previous } = JSON.parse(all[2]!) as { readonly previous: string }
      return all.with(2, lineAfter({ seq: 2, digest: previous }, '2026-01-15T00:00:00.000Z', put(4)).text)
    })
    expect((await verifyAudit(folder)).breaks).toEqual([
      { file: 'audit-90-days-2026-01.jsonl', line: 4, reason: 'it follows another line than the one before it' },
    ])
  })

  it('shows a file that is gone', async () => {
    await written()
    rmSync(join(folder, 'audit-1-year-2026-01.jsonl'))
    expect((await verifyAudit(folder)).breaks).toMatchObject([
      { line: 0, reason: expect.stringContaining('lines up to number 2') },
    ])
  })

  it('removes what its class keeps no longer, and the chain still holds', async () => {
    await written()
    time += 110 * DAY
    const audit = await open()
    await audit.append(put(6))
    await audit.close()
    expect(files()).toEqual([
      'audit-1-year-2026-01.jsonl',
      'audit-90-days-2026-05.jsonl',
      'audit-permanent-2026-01.jsonl',
      'audit-permanent-2026-05.jsonl',
    ])
    const report = await verifyAudit(folder)
    expect(report).toMatchObject({ breaks: [], heads: { '90-days': { seq: 7 } } })
    rmSync(join(folder, 'audit-90-days-2026-05.jsonl'))
    expect((await verifyAudit(folder)).breaks).toMatchObject([{ reason: 'lines up to number 7 were there, and end at 6' }])
  })

  it('removes it while it runs, and keeps the last permanent line for ever', async () => {
    const audit = await open()
    for (let day = 0; day < 1000; day += 5) {
      await audit.append(put(day))
      if (day % 50 === 0) await audit.append({ kind: 'deny', detail: { day } })
      if (day % 100 === 0) await audit.append({ kind: 'purge', detail: { day } })
      time += 5 * DAY
    }
    await audit.close()
    expect(files().filter((name) => name.includes('90-days')).length).toBeLessThanOrEqual(5)
    expect(files().filter((name) => name.includes('1-year')).length).toBeLessThanOrEqual(14)
    expect(lines('audit-permanent-2026-01.jsonl')[0]).toContain('"purge"')
    expect(await verifyAudit(folder)).toMatchObject({ breaks: [], heads: { '90-days': { seq: 200 } } })
  })

  it('stays in order when the clock is put back', async () => {
    const audit = await open()
    await audit.append(put(1))
    time -= 40 * DAY
    await audit.append(put(2))
    await audit.close()
    expect(files().filter((name) => name.includes('90-days'))).toEqual(['audit-90-days-2026-01.jsonl'])
    expect((await verifyAudit(folder)).breaks).toEqual([])
  })

  it('cuts a last line that was never finished, wherever it ends, and writes that down', async () => {
    await written()
    const file = join(folder, 'audit-90-days-2026-01.jsonl')
    const whole = readFileSync(file)
    const last = whole.lastIndexOf(0x0a, whole.length - 2) + 1
    rmSync(join(folder, 'audit-permanent-2026-01.jsonl'))
    for (let end = last + 1; end < whole.length; end += 7) {
      writeFileSync(file, whole)
      truncateSync(file, end)
      expect((await verifyAudit(folder)).breaks[0]).toMatchObject({ line: 6, reason: expect.stringContaining('never finished') })
      await (await open()).close()
      expect((await verifyAudit(folder)).breaks).toEqual([])
      expect(lines('audit-permanent-2026-01.jsonl')[0]).toContain(`"file":"audit-90-days-2026-01.jsonl","bytes":${end - last}`)
      rmSync(join(folder, 'audit-permanent-2026-01.jsonl'))
    }
  })

  it('survives kill -9 at any moment with every line that was acknowledged', async () => {
    const place = join(folder, 'audit')
    for (const wait of [0, 30, 90, 200]) {
      const said = await killedAfter(folder, wait)
      await (await openAudit({ folder: place, clock: Date.now })).close()
      expect((await verifyAudit(place)).breaks).toEqual([])
      const file = readdirSync(place).findLast((name) => name.includes('90-days'))!
      const text = readFileSync(join(place, file), 'utf8').trimEnd()
      const numbers = new Set(text.split('\n').map((line) => (JSON.parse(line) as AuditEvent).detail['number']))
      expect(said.filter((number) => !numbers.has(number))).toEqual([])
    }
  })

  it.skipIf(NAMESPACE === undefined)(
    'cache-26: a full disk refuses lines, leaves no part of one, and takes them again when there is room',
    () => {
      const mount = ['sh', '-c', 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"', folder]
      const { stdout, stderr } = spawnSync(
        'unshare',
        [NAMESPACE ?? '-m', ...mount, ...scriptCommand('audit-process.ts', folder, 'full')],
        {
          encoding: 'utf8',
        },
      )
      expect(stderr).toBe('')
      const said = JSON.parse(stdout.split('\n')[1] ?? '') as { readonly written: number; readonly lines: number }
      expect(said).toMatchObject({ reason: 'ENOSPC', breaks: [], lines: said.written })
      expect(said.written).toBeGreaterThan(100)
    },
  )

  it('refuses a second writer, and lets the next one in when the first has closed', async () => {
    const first = await open()
    await expect(open()).rejects.toMatchObject({ code: 'CACHE_STORE_LOCKED' })
    await first.close()
    await (await open()).close()
  })

  it.each([
    [
      'a last line that was changed',
      () => rewrite('audit-90-days-2026-01.jsonl', (all) => [...all.slice(0, -1), all.at(-1)!.replace('exchange', 'exchangE')]),
    ],
    ['a permanent chain that was changed', () => rewrite('audit-permanent-2026-01.jsonl', (all) => all.slice(1))],
    ['a last line that is none', () => appendFileSync(join(folder, 'audit-1-year-2026-01.jsonl'), 'x\n')],
  ])('writes nothing after %s', async (_, change) => {
    await written()
    change()
    const before = files().map((name) => readFileSync(join(folder, name), 'utf8'))
    await expect(open()).rejects.toMatchObject({ code: 'CACHE_AUDIT_BROKEN', exitStatus: 1 })
    expect(files().map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(before)
  })

  it('never holds a token, wherever one is put', async () => {
    const canaries = [
      `eyJhbGciOiJFZERTQSJ9.eyJ3cyI6ImNhbmFyeSJ9.${'c'.repeat(86)}`,
      `interlock_read_${'k'.repeat(43)}`,
      `interlock_admin_${'l'.repeat(43)}`,
    ]
    const audit = await open()
    for (const canary of canaries) {
      await audit.append({
        kind: 'deny',
        workspace: canary,
        detail: { reason: `Bearer ${canary}, see`, list: [canary], url: `/x?t=${canary}` },
      })
    }
    await audit.close()
    const text = files()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('')
    for (const canary of canaries) for (const part of canary.split('.')) expect(text).not.toContain(part.slice(-30))
    expect(text).toContain('Bearer ***, see')
    expect((await verifyAudit(folder)).breaks).toEqual([])
  })

  it('takes hostile text as text, and cuts what is endless', async () => {
    const audit = await open()
    await audit.append({
      kind: 'deny',
      detail: {
        reason: 'a\nb\r\u2028","digest":"' + '0'.repeat(64) + '"}',
        long: 'x'.repeat(100_000),
        many: Array.from({ length: 1000 }, String),
      },
    })
    await audit.append({ kind: 'deny', detail: {} })
    await audit.close()
    expect(await verifyAudit(folder)).toMatchObject({ breaks: [], heads: { '1-year': { seq: 2 } } })
    expect(readFileSync(join(folder, 'audit-1-year-2026-01.jsonl')).length).toBeLessThan(10_000)
  })

  it('says when the policy is another one, and is silent when it is not', async () => {
    for (const digest of ['a', 'a', 'b', 'b', 'a']) {
      const audit = await open()
      await audit.notePolicy(digest)
      await audit.close()
    }
    const changes = lines('audit-permanent-2026-01.jsonl').filter((line) => line.includes('"policy-change"'))
    expect(changes.map((line) => (JSON.parse(line) as AuditEvent).detail)).toEqual([
      { digest: 'a', before: '' },
      { digest: 'b', before: 'a' },
      { digest: 'a', before: 'b' },
    ])
  })

  it('is nothing in an empty folder', async () => {
    expect(await verifyAudit(folder)).toEqual({ files: 0, lines: 0, heads: {}, breaks: [] })
  })
})

/** Lets a process write lines, kills it, and returns the numbers of those that it had said were written. */
async function killedAfter(root: string, milliseconds: number): Promise<readonly number[]> {
  const [program, ...words] = scriptCommand('audit-process.ts', root, 'endless')
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(program, words, { env })
  let said = ''
  let failure = ''
  child.stderr.on('data', (chunk: Buffer) => (failure += chunk.toString()))
  const ended = new Promise((resolve) => child.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    child.on('close', () => reject(new Error(failure)))
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('\n8\n')) resolve()
    })
  })
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  child.kill('SIGKILL')
  await ended
  return said.split('\n').slice(1, -1).map(Number)
}
