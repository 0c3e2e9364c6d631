import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../core/access.ts'
import { put, useAudit } from '../testing/audit-folder.ts'
import { scriptCommand } from '../testing/run-store-process.ts'
import { openAudit } from './audit.ts'
import { verifyAudit } from './audit-verify.ts'

const DAY = 86_400_000
/** The flag that makes a private mount namespace here; `undefined` where this user or system cannot. */
const NAMESPACE = ['-m', '-rm'].find((flag) => spawnSync('unshare', [flag, 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp']).status === 0)
const here = useAudit()

describe('the audit', () => {
  it('keeps each kind of line in the file of its class and month', async () => {
    await here.write()
    expect(await verifyAudit(here.folder)).toMatchObject({ files: 3, lines: 13, breaks: [] })
    expect(here.files()).toEqual(['audit-1-year-2026-01.jsonl', 'audit-90-days-2026-01.jsonl', 'audit-permanent-2026-01.jsonl'])
    const kinds = here.lines('audit-permanent-2026-01.jsonl').map((line) => (JSON.parse(line) as AuditEvent).kind)
    expect(kinds).toEqual(['purge', 'quarantine', 'divergence', 'anchor', 'anchor'])
  })

  it('goes on where it ended, also after many lines at the same time', async () => {
    await here.write()
    const audit = await here.open()
    await Promise.all(Array.from({ length: 500 }, async (_, number) => audit.append(put(number))))
    await audit.close()
    const report = await verifyAudit(here.folder)
    expect(report.breaks).toEqual([])
    expect(report.heads['90-days']?.seq).toBe(506)
  })

  it('removes what its class keeps no longer, and the chain still holds', async () => {
    await here.write()
    here.time += 110 * DAY
    const audit = await here.open()
    await audit.append(put(6))
    await audit.close()
    expect(here.files()).toEqual([
      'audit-1-year-2026-01.jsonl',
      'audit-90-days-2026-05.jsonl',
      'audit-permanent-2026-01.jsonl',
      'audit-permanent-2026-05.jsonl',
    ])
    const report = await verifyAudit(here.folder)
    expect(report).toMatchObject({ breaks: [], heads: { '90-days': { seq: 7 } } })
    rmSync(join(here.folder, 'audit-90-days-2026-05.jsonl'))
    expect((await verifyAudit(here.folder)).breaks).toMatchObject([{ reason: 'lines up to number 7 were there, and end at 6' }])
  })

  it('removes it while it runs, and keeps the last permanent line for ever', async () => {
    const audit = await here.open()
    for (let day = 0; day < 1000; day += 5) {
      await audit.append(put(day))
      if (day % 50 === 0) await audit.append({ kind: 'deny', detail: { day } })
      if (day % 100 === 0) await audit.append({ kind: 'purge', detail: { day } })
      here.time += 5 * DAY
    }
    await audit.close()
    expect(here.files().filter((name) => name.includes('90-days')).length).toBeLessThanOrEqual(5)
    expect(here.files().filter((name) => name.includes('1-year')).length).toBeLessThanOrEqual(14)
    expect(here.lines('audit-permanent-2026-01.jsonl')[0]).toContain('"purge"')
    expect(await verifyAudit(here.folder)).toMatchObject({ breaks: [], heads: { '90-days': { seq: 200 } } })
  })

  it('stays in order when the clock is put back', async () => {
    const audit = await here.open()
    await audit.append(put(1))
    here.time -= 40 * DAY
    await audit.append(put(2))
    await audit.close()
    expect(here.files().filter((name) => name.includes('90-days'))).toEqual(['audit-90-days-2026-01.jsonl'])
    expect((await verifyAudit(here.folder)).breaks).toEqual([])
  })

  it('cuts a last line that was never finished, wherever it ends, and writes that down', async () => {
    await here.write()
    const file = join(here.folder, 'audit-90-days-2026-01.jsonl')
    const whole = readFileSync(file)
    const last = whole.lastIndexOf(0x0a, whole.length - 2) + 1
    rmSync(join(here.folder, 'audit-permanent-2026-01.jsonl'))
    for (let end = last + 1; end < whole.length; end += 7) {
      writeFileSync(file, whole)
      truncateSync(file, end)
      expect((await verifyAudit(here.folder)).breaks[0]).toMatchObject({
        line: 6,
        reason: expect.stringContaining('never finished'),
      })
      await (await here.open()).close()
      expect((await verifyAudit(here.folder)).breaks).toEqual([])
      expect(here.lines('audit-permanent-2026-01.jsonl')[0]).toContain(
        `"file":"audit-90-days-2026-01.jsonl","bytes":${end - last}`,
      )
      rmSync(join(here.folder, 'audit-permanent-2026-01.jsonl'))
    }
  })

  it('survives kill -9 at any moment with every line that was acknowledged', async () => {
    const place = join(here.folder, 'audit')
    for (const wait of [0, 30, 90, 200]) {
      const said = await killedAfter(here.folder, wait)
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
      const mount = ['sh', '-c', 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"', here.folder]
      const { stdout, stderr } = spawnSync(
        'unshare',
        [NAMESPACE ?? '-m', ...mount, ...scriptCommand('audit-process.ts', here.folder, 'full')],
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
    const first = await here.open()
    await expect(here.open()).rejects.toMatchObject({ code: 'CACHE_STORE_LOCKED' })
    await first.close()
    await (await here.open()).close()
  })

  it.each([
    [
      'a last line that was changed',
      () =>
        here.rewrite('audit-90-days-2026-01.jsonl', (all) => [...all.slice(0, -1), all.at(-1)!.replace('exchange', 'exchangE')]),
    ],
    ['a permanent chain that was changed', () => here.rewrite('audit-permanent-2026-01.jsonl', (all) => all.slice(1))],
    ['a last line that is none', () => appendFileSync(join(here.folder, 'audit-1-year-2026-01.jsonl'), 'x\n')],
  ])('writes nothing after %s', async (_, change) => {
    await here.write()
    change()
    const before = here.files().map((name) => readFileSync(join(here.folder, name), 'utf8'))
    await expect(here.open()).rejects.toMatchObject({ code: 'CACHE_AUDIT_BROKEN', exitStatus: 1 })
    expect(here.files().map((name) => readFileSync(join(here.folder, name), 'utf8'))).toEqual(before)
  })

  it('never holds a token, wherever one is put', async () => {
    const canaries = [
      `eyJhbGciOiJFZERTQSJ9.eyJ3cyI6ImNhbmFyeSJ9.${'c'.repeat(86)}`,
      `interlock_read_${'k'.repeat(43)}`,
      `interlock_admin_${'l'.repeat(43)}`,
    ]
    const audit = await here.open()
    for (const canary of canaries) {
      await audit.append({
        kind: 'deny',
        workspace: canary,
        detail: { reason: `Bearer ${canary}, see`, list: [canary], url: `/x?t=${canary}` },
      })
    }
    await audit.close()
    const text = here
      .files()
      .map((name) => readFileSync(join(here.folder, name), 'utf8'))
      .join('')
    for (const canary of canaries) for (const part of canary.split('.')) expect(text).not.toContain(part.slice(-30))
    expect(text).toContain('Bearer ***, see')
    expect((await verifyAudit(here.folder)).breaks).toEqual([])
  })

  it('takes hostile text as text, and cuts what is endless', async () => {
    const audit = await here.open()
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
    expect(await verifyAudit(here.folder)).toMatchObject({ breaks: [], heads: { '1-year': { seq: 2 } } })
    expect(readFileSync(join(here.folder, 'audit-1-year-2026-01.jsonl')).length).toBeLessThan(10_000)
  })

  it('says when the policy is another one, and is silent when it is not', async () => {
    for (const digest of ['a', 'a', 'b', 'b', 'a']) {
      const audit = await here.open()
      await audit.notePolicy(digest)
      await audit.close()
    }
    const changes = here.lines('audit-permanent-2026-01.jsonl').filter((line) => line.includes('"policy-change"'))
    expect(changes.map((line) => (JSON.parse(line) as AuditEvent).detail)).toEqual([
      { digest: 'a', before: '' },
      { digest: 'b', before: 'a' },
      { digest: 'a', before: 'b' },
    ])
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
