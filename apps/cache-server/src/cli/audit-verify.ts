import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { z } from 'zod'
import { type Heads, verifyAudit } from '../io/audit-verify.ts'

/** `interlock cache audit verify`: follows every chain of an audit from its beginning. */
export async function runAuditVerify({ root, options, arguments: [folder = ''] }: Invocation): Promise<Outcome> {
  const path = resolve(root, folder)
  requireFolder(path, folder)
  const { against } = options
  const report = await verifyAudit(path, typeof against === 'string' ? keptHeads(resolve(root, against), against) : {})
  if (report.lines === 0 && report.breaks.length === 0) {
    throw new InterlockError('USAGE', 'there is no audit in this folder', {
      file: folder,
      hint: 'name the folder that holds the files audit-*.jsonl of the server',
    })
  }
  const breaks = report.breaks.map(({ file, line, reason }) => `${file}${line === 0 ? '' : `:${line}`}: ${reason}`)
  const heads = Object.entries(report.heads).map(([name, { seq, digest }]) => `  ${name}: line ${seq}, ${digest}`)
  const summary =
    breaks.length === 0
      ? `${report.lines} lines in ${report.files} files are as they were written; the chains end at`
      : 'the audit is not as it was written; up to there, the chains end at'
  return {
    status: breaks.length === 0 ? EXIT.done : EXIT.checkFailed,
    prose: [...breaks, ...(breaks.length === 0 ? [] : ['']), summary, ...heads].join('\n'),
    data: { folder, intact: breaks.length === 0, ...report },
  }
}

function requireFolder(path: string, folder: string): void {
  try {
    readdirSync(path)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason'
    throw new InterlockError('USAGE', `the folder of the audit cannot be read (${reason})`, { file: folder, cause })
  }
}

const head = z.object({ seq: z.int().min(1), digest: z.string().regex(/^[0-9a-f]{64}$/u) })
const kept = z.object({
  heads: z.strictObject({ permanent: head.optional(), '1-year': head.optional(), '90-days': head.optional() }),
})

/** Where the chains ended when somebody kept the report. A file that says nothing of that is no proof of anything. */
function keptHeads(path: string, file: string): Heads {
  const details = { file, hint: 'keep what `interlock cache audit verify <folder> --json` prints, and name that file' }
  try {
    const { heads } = kept.parse(JSON.parse(readFileSync(path, 'utf8')))
    const there = Object.entries(heads).filter(([, value]) => value !== undefined)
    if (there.length > 0) return Object.fromEntries(there) as Heads
  } catch (cause) {
    throw new InterlockError('USAGE', 'the earlier report cannot be read', { ...details, cause })
  }
  throw new InterlockError('USAGE', 'the earlier report names no end of a chain', details)
}
