import { InterlockError } from '@interlock/kit'
import { lastLine } from '../core/referees/last-line.ts'

/** What became of a job. act cancels none. */
export type ActResult = 'success' | 'failure' | 'skipped'

export interface ActLog {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  /** Every job of the workflow. */
  readonly jobs: readonly string[]
}

/** What act's log says of each job. A job that it does not name was skipped. */
export function readActLog({ status, stdout, stderr, jobs }: ActLog): Readonly<Record<string, ActResult>> {
  const lines = stdout.split('\n').flatMap((line): ActLine[] => (line.startsWith('{') ? [JSON.parse(line) as ActLine] : []))
  const started = new Set(lines.flatMap(({ jobID }) => jobID ?? []))
  const results = Object.fromEntries(jobs.map((job): [string, ActResult] => [job, resultOf(job, lines)]))
  const lost = [...started].filter((job) => results[job] === undefined || results[job] === 'skipped')
  const failed = Object.values(results).includes('failure')
  if (lost.length === 0 && failed === (status !== 0)) return results
  const lostText = lost.length === 0 ? '' : `, and says nothing of the end of ${lost.join(', ')}`
  throw new InterlockError('PROCESS_FAILED', `act ended with status ${status}${lostText}: ${lastLine(stderr)}`)
}

interface ActLine {
  readonly jobID?: string
  readonly jobResult?: string
}

function resultOf(job: string, lines: readonly ActLine[]): ActResult {
  const results = lines.flatMap(({ jobID, jobResult }) => (jobID === job && jobResult !== undefined ? [jobResult] : []))
  if (results.length === 0) return 'skipped'
  return results.every((result) => result === 'success') ? 'success' : 'failure'
}
