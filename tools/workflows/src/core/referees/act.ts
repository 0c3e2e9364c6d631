import { lastLine } from './last-line.ts'
import type { Reading, Referee, RefereeCall, RefereeOutput } from './types.ts'

/** act, the second executor, says whether it can read a workflow; running them is for tests. */
export const act: Referee = {
  name: 'act',
  calls: ({ workflows }) => workflows.map((file) => ({ args: ['--validate', '--strict', '--workflows'], files: [file] })),
  read,
}

const INVALID = /^Error: workflow is not valid\. '[^']*': (?:Line: (\d+) )?(.+)/mu

function read({ status, stderr }: RefereeOutput, { files: [file = ''] }: RefereeCall): Reading {
  const [, line, message] = INVALID.exec(stderr) ?? []
  if (message !== undefined) {
    const place = line === undefined ? {} : { line: Number(line) }
    return { kind: 'read', findings: [{ referee: 'act', rule: 'schema', file, ...place, message }] }
  }
  if (status === 0) return { kind: 'read', findings: [] }
  return { kind: 'unreadable', reason: `it ended with status ${status}: ${lastLine(stderr)}` }
}
