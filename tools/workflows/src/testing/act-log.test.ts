import { expect, it } from 'vitest'
import { readActLog } from './act-log.ts'

const line = (job: string, result?: string): string =>
  `${JSON.stringify({ jobID: job, ...(result === undefined ? {} : { jobResult: result }) })}\n`

it('the worst machine of a matrix is the result of a job, and what act does not name was skipped', () => {
  const stdout = `plain text\n${line('a')}${line('a', 'success')}${line('b', 'success')}${line('b', 'failure')}`
  expect(readActLog({ status: 1, stdout, stderr: '', jobs: ['a', 'b', 'c'] })).toEqual({
    a: 'success',
    b: 'failure',
    c: 'skipped',
  })
})

it.each([
  ['a job has no end', 0, line('a'), /status 0, and says nothing of the end of a: why$/u],
  ['a job is of no workflow', 0, line('z', 'success'), /the end of z/u],
  ['it fails and no job does', 1, line('a', 'success'), /^PROCESS_FAILED: act ended with status 1: why$/u],
  ['it succeeds and a job does not', 0, line('a', 'failure'), /status 0/u],
])('promise-1: a run is no result when %s', (_, status, stdout, says) => {
  expect(() => readActLog({ status, stdout, stderr: 'why\n', jobs: ['a'] })).toThrow(says)
})
