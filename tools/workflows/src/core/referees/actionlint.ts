import { z } from 'zod'
import { lastLine } from './last-line.ts'
import { refereeJson } from './json.ts'
import type { Reading, Referee, RefereeOutput } from './types.ts'

const reportSchema = z.array(z.object({ message: z.string(), filepath: z.string(), line: z.int(), kind: z.string() }))

/** actionlint types the expressions of workflows. What else is installed here must not decide what it finds. */
export const actionlint: Referee = {
  name: 'actionlint',
  calls: ({ workflows }) => [{ args: ['-no-color', '-shellcheck=', '-pyflakes=', '-format', '{{json .}}'], files: workflows }],
  read,
}

/** Status 0: nothing found, 1: something found, 2 and 3: it could not look. */
function read({ status, stdout, stderr }: RefereeOutput): Reading {
  const report = refereeJson(stdout, reportSchema)
  if ('reason' in report) return { kind: 'unreadable', reason: `${report.reason}: ${lastLine(stderr)}` }
  const found = report.value.length > 0
  if (status !== (found ? 1 : 0)) return { kind: 'unreadable', reason: `it ended with status ${status}: ${lastLine(stderr)}` }
  return {
    kind: 'read',
    findings: report.value.map(({ message, filepath, line, kind }) => ({
      referee: 'actionlint',
      rule: kind,
      file: filepath.replaceAll('\\', '/'),
      line,
      message,
    })),
  }
}
