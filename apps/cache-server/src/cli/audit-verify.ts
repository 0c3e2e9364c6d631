import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { verifyAudit } from '../io/audit-verify.ts'

/** `interlock cache audit verify`: follows every chain of an audit from its beginning. */
export async function runAuditVerify({ root, arguments: [folder = ''] }: Invocation): Promise<Outcome> {
  const path = resolve(root, folder)
  requireFolder(path, folder)
  const report = await verifyAudit(path)
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
