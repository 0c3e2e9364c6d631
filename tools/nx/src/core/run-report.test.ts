import { describe, expect, test } from 'vitest'
import {
  type FinishedTask,
  parseRunReport,
  reportOf,
  type TaskReport,
  taskWithoutResult,
  totalsLine,
  totalsOf,
} from './run-report.ts'
import { renderTable, savedBy, seconds, withMeasured } from './run-report-table.ts'

const CARGO = 'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n'
const PYTEST = '===== 1 failed, 3 passed, 2 skipped in 0.12s =====\n'
const VITEST = '\u001b[2m      Tests \u001b[22m \u001b[32m5 passed\u001b[39m (5)\n'

function finished(id: string, status: string, given: Partial<FinishedTask> & { readonly tookMs?: number } = {}): FinishedTask {
  const [project = '', target = ''] = id.split(':')
  const { tookMs = 1500, ...rest } = given
  return {
    task: { id, target: { project, target }, hash: `hash-${id}`, startTime: 1000, endTime: 1000 + tookMs },
    status,
    ...rest,
  }
}

function tasksOf(...tasks: FinishedTask[]): readonly TaskReport[] {
  return reportOf({ startTime: 0, endTime: 9, taskResults: Object.fromEntries(tasks.map((task) => [task.task.id, task])) }).tasks
}

function outcome(status: string, terminalOutput = ''): string | undefined {
  return tasksOf(finished('p:t', status, { terminalOutput }))[0]?.outcome
}

describe('the report', () => {
  test('promise-1: each way of not having done the work has its own name', () => {
    expect(outcome('success')).toBe('passed')
    expect(outcome('local-cache')).toBe('passed')
    expect(outcome('remote-cache')).toBe('passed')
    expect(outcome('failure')).toBe('failed')
    expect(outcome('failure', 'running 0 tests\nno tests\n')).toBe('no tests')
    expect(outcome('failure', 'not run: cargo is missing\n')).toBe('not run')
    expect(outcome('failure', '> nx run a:format\n\n/bin/sh: 1: cargo: not found\n')).toBe('not run')
    expect(outcome('failure', 'bash: line 1: cargo: command not found\n')).toBe('not run')
    expect(outcome('failure', 'assertion: nothing.sh: 1: found\n')).toBe('failed')
    expect(outcome('success', '# tests 0\n# pass 0\n# fail 0\n# skipped 0\n')).toBe('no tests')
    expect(outcome('local-cache', 'ℹ pass 0\nℹ fail 0\nℹ skipped 2\n')).toBe('no tests')
    expect(outcome('success', '# pass 1\n# fail 0\n')).toBe('passed')
    expect(outcome('success', `# pass 0\n# fail 0\n${CARGO}`)).toBe('passed')
    expect(outcome('skipped')).toBe('skipped')
    expect(outcome('stopped')).toBe('not run')
    expect(outcome('a status of a later Nx')).toBe('not run')
  })

  test('counts tests of every runner, whatever colours it prints in', () => {
    const tasks = tasksOf(
      finished('he:test', 'success', { terminalOutput: CARGO }),
      finished('client:test', 'failure', { terminalOutput: PYTEST }),
      finished('kit:test', 'local-cache', { terminalOutput: VITEST }),
    )
    expect(tasks.map((task) => task.tests)).toEqual([
      { passed: 3, failed: 0, skipped: 1 },
      { passed: 3, failed: 1, skipped: 2 },
      { passed: 5, failed: 0, skipped: 0 },
    ])
    expect(totalsLine(totalsOf(tasks))).toBe('11 passed, 1 failed, 3 skipped')
    expect(totalsOf(tasks).green).toBe(false)
  })

  test('a failed task whose runner counted no failure adds one, so red never says 0 failed', () => {
    const tasks = tasksOf(
      finished('he:lint', 'failure'),
      finished('he:test', 'failure', { terminalOutput: 'error[E0308]: mismatched types' }),
    )
    expect(totalsLine(totalsOf(tasks))).toBe('0 passed, 2 failed, 0 skipped')
  })

  test('a task without a result is skipped and not green, and is no failure of its own', () => {
    const totals = totalsOf([taskWithoutResult('proxy:test', { project: 'proxy', target: 'test' })])
    expect(totals).toEqual({ passed: 0, failed: 0, skipped: 0, green: false })
  })

  test('a configuration is another task, and the report says so', () => {
    const { task, ...rest } = finished('kit:test', 'success', { terminalOutput: VITEST })
    const measured = { ...rest, task: { ...task, target: { ...task.target, configuration: 'coverage' } } }
    expect(tasksOf(measured)[0]).toMatchObject({ project: 'kit', target: 'test:coverage', tests: { passed: 5 } })
    expect(taskWithoutResult('kit:test:coverage', measured.task.target).target).toBe('test:coverage')
  })

  test('survives its file', () => {
    const report = reportOf({
      startTime: 1,
      endTime: 2,
      taskResults: { 'he:test': finished('he:test', 'success', { terminalOutput: CARGO }) },
    })
    expect(parseRunReport(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  test.each([['{'], ['[]'], ['{"version":2,"tasks":[]}']])('promise-1: a damaged or unknown report is an error: %s', (text) => {
    expect(() => parseRunReport(text)).toThrow(expect.objectContaining({ code: 'NX_FAILED' }))
  })
})

describe('time saved', () => {
  test('is what the run that filled the cache took, by task and hash', () => {
    const [ran] = tasksOf(finished('he:test', 'success', { tookMs: 4000 }))
    const known = withMeasured({}, [ran!])
    const [hit] = tasksOf(finished('he:test', 'local-cache', { tookMs: 5 }))
    expect(savedBy(hit!, known)).toBe(4000)
    expect(savedBy(ran!, known)).toBeUndefined()
    expect(savedBy({ ...hit!, hash: 'other' }, known)).toBe('unknown')
    expect(savedBy({ ...hit!, hash: undefined }, known)).toBe('unknown')
  })

  test('is not learnt from cached or failed tasks', () => {
    const tasks = tasksOf(finished('a:test', 'failure'), finished('b:test', 'local-cache'))
    expect(withMeasured({ old: 1 }, tasks)).toEqual({ old: 1 })
  })

  test('the newest 20,000 measurements are kept', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`task-${index}`, index]))
    const kept = withMeasured(many, tasksOf(finished('he:test', 'success')))
    expect(Object.keys(kept)).toHaveLength(20_000)
    expect(kept['task-0']).toBeUndefined()
    expect(kept['he:test hash-he:test']).toBe(1500)
  })
})

describe('the table', () => {
  test('has a line for each task, what is not green last', () => {
    const tasks = tasksOf(
      finished('proxy:test', 'failure'),
      finished('he:test', 'local-cache', { terminalOutput: CARGO }),
      finished('he:lint', 'success'),
      finished('docs:test', 'local-cache'),
    )
    expect(renderTable(tasks, { 'he:test hash-he:test': 90_500 })).toMatchInlineSnapshot(`
      "project  target  result  time   cached  time saved
      -------  ------  ------  -----  ------  ----------
      docs     test    passed  -      yes     unknown
      he       lint    passed  1.5 s  no      -
      he       test    passed  -      yes     1 min 31 s
      proxy    test    failed  1.5 s  no      -"
    `)
  })

  test('times are written for people', () => {
    expect([undefined, 0, 59_900, 60_000, 200_000].map(seconds)).toEqual(['-', '0.0 s', '59.9 s', '1 min 0 s', '3 min 20 s'])
  })
})
