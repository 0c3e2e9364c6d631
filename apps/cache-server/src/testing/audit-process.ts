/**
 * A process that writes an audit: `audit-process.ts <folder> endless` until it is killed, and says the number of each line
 * that is in its file; `audit-process.ts <folder> full` until the disk is full and then, with room again, once more.
 */
import { rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type AuditFolder, openAudit } from '../io/audit.ts'
import { verifyAudit } from '../io/audit-verify.ts'

const [root = '', scenario = ''] = process.argv.slice(2)
const folder = join(root, 'audit')
const say = (line: string): void => void writeSync(1, `${line}\n`)
const write = async (audit: AuditFolder, number: number): Promise<void> =>
  audit.append({ kind: 'put', workspace: 'acme', detail: { number, text: 'x'.repeat(number % 900) } })

async function endless(audit: AuditFolder): Promise<void> {
  for (let count = 1; ; count += 8) {
    const numbers = Array.from({ length: 8 }, (_, index) => count + index)
    await Promise.all(numbers.map(async (number) => write(audit, number).then(() => say(String(number)))))
  }
}

async function full(audit: AuditFolder): Promise<void> {
  const ballast = join(root, 'ballast')
  writeFileSync(ballast, Buffer.alloc(512 * 1024))
  let written = 0
  let failed = 0
  let reason: unknown
  while (failed < 20) {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, async (_, index) => write(audit, written + index)))
    const faults = outcomes.filter(({ status }) => status === 'rejected')
    written += outcomes.length - faults.length
    failed += faults.length
    reason ??= faults.map((fault) => (fault as PromiseRejectedResult).reason as NodeJS.ErrnoException)[0]?.code
  }
  rmSync(ballast)
  await write(audit, written)
  await audit.close()
  const { breaks, heads } = await verifyAudit(folder)
  say(JSON.stringify({ reason, written: written + 1, lines: heads['90-days']?.seq, breaks }))
}

const audit = await openAudit({ folder, clock: Date.now })
say('open')
await (scenario === 'full' ? full(audit) : endless(audit))
