import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSimulated, EVENT, OUTPUTS, type Simulated } from '../../testing/simulated.ts'

let simulated: Simulated
beforeEach(() => {
  simulated = createSimulated()
})
afterEach(() => {
  simulated.dispose()
})

const MATRIX = `jobs:
  plan:
    runs-on: x
    outputs: { m: "\${{ steps.p.outputs.m }}" }
    steps:
      - id: p
        run: echo 'm={"v":["1","2","3"]}' >> "$GITHUB_OUTPUT"
  test:
    needs: plan
    runs-on: x
    name: test of \${{ matrix.v }}
    strategy: { matrix: "\${{ fromJSON(needs.plan.outputs.m) }}" }
    outputs: { o1: "\${{ steps.s.outputs.o1 }}", o3: "\${{ steps.s.outputs.o3 }}" }
    steps:
      - id: s
        run: echo "o\${{ matrix.v }}=\${{ strategy.job-index }}/\${{ strategy.job-total }}" >> "$GITHUB_OUTPUT"
  gate:
    needs: [plan, test]
    if: always()
    runs-on: x
    steps:
      - run: test "$RESULT" = success
        env: { RESULT: "\${{ needs.test.result }}" }
`

describe('a matrix', () => {
  it('runs every machine, and each may give outputs', async () => {
    const { jobs, verdict } = await simulated.run(MATRIX)
    expect(jobs[1]).toMatchObject({ result: 'success', outputs: { o1: '0/3', o3: '2/3' } })
    expect(jobs[1]?.legs.map(({ name, title }) => `${name}: ${title}`)).toEqual([
      'test (1): test of 1',
      'test (2): test of 2',
      'test (3): test of 3',
    ])
    expect(verdict).toMatchObject({ kind: 'green' })
  })

  it('promise-1: is stopped by its first failure, and the gate sees it', async () => {
    const { jobs, verdict } = await simulated.run(MATRIX, { fail: 'test (2)' })
    expect(jobs[1]?.legs.map(({ outcome }) => outcome)).toEqual(['success', 'failure', 'cancelled'])
    expect(jobs[1]?.legs[2]?.reason).toBe('fail-fast: test (2) failed')
    expect(jobs.map(({ result }) => result)).toEqual(['success', 'failure', 'failure'])
    expect(verdict.kind).toBe('red')
  })

  it('goes on after a failure where it shall, and where the failure is allowed', async () => {
    const going = MATRIX.replace('strategy: {', 'strategy: { fail-fast: false,')
    expect((await simulated.run(going, { fail: 'test (1)' })).jobs[1]?.legs.map(({ outcome }) => outcome)).toEqual([
      'failure',
      'success',
      'success',
    ])
    const allowed = MATRIX.replace('name: test', "continue-on-error: ${{ matrix.v == '2' }}\n    name: test").replace(
      'run: echo "o',
      'run: test ${{ matrix.v }} != 2; echo "o',
    )
    const { jobs, verdict } = await simulated.run(allowed)
    expect(jobs[1]).toMatchObject({
      result: 'success',
      legs: [{ outcome: 'success' }, { outcome: 'failure' }, { outcome: 'success' }],
    })
    expect(verdict.kind).toBe('green')
  })

  it('promise-1: a cancelled machine makes the gate red', async () => {
    const { jobs, verdict } = await simulated.run(MATRIX, { cancel: 'test (3)' })
    expect(jobs[1]?.result).toBe('cancelled')
    expect(verdict.kind).toBe('red')
  })

  it.each([
    ['test (9)', '--fail test (9) changed nothing: its machines are test (1), test (2), test (3)'],
    ['test (1, 2)', '--fail test (1, 2) changed nothing'],
  ])('promise-1: an injection into %s that hits nothing is said', async (fail, text) => {
    expect((await simulated.run(MATRIX, { fail })).unused).toEqual([expect.stringContaining(text)])
  })

  it('promise-1: an injection into a job that does not start is said', async () => {
    const text = `${MATRIX}  late:\n    if: false\n    runs-on: x\n    steps: [{ run: x }]\n`
    expect((await simulated.run(text, { fail: 'late' })).unused).toEqual([
      '--fail late changed nothing: the job did not start: its condition does not hold: false',
    ])
  })
})

describe('the control flow alone', () => {
  it('runs what gives outputs and the gate, and says what did not run', async () => {
    simulated.write('setup/action.yml', 'name: x\nruns: { using: composite, steps: [{ run: touch heavy, shell: bash }] }\n')
    const text = MATRIX.replace('- id: s\n', '- uses: ./setup\n      - run: touch heavy\n      - id: s\n').replace(
      /    outputs: \{ o1.*\n/,
      '',
    )
    const { jobs, verdict } = await simulated.run(text, { mode: 'control-flow' })
    expect(existsSync(join(simulated.root, 'heavy'))).toBe(false)
    expect(verdict.kind).toBe('green')
    expect(jobs[1]?.legs[0]?.steps.map(({ mode, note }) => [mode, note])).toEqual([
      ['stand-in', undefined],
      ['stand-in', 'not run: control flow only'],
      ['stand-in', 'not run: control flow only'],
    ])
    expect(jobs[0]?.legs[0]?.steps).toMatchObject([{ mode: 'real' }])
    expect(jobs[2]?.legs[0]?.steps).toMatchObject([{ mode: 'real' }])
  })

  it('promise-1: an output of a command that did not run is not known', async () => {
    const report = await simulated.run(
      'jobs:\n  a:\n    runs-on: x\n    steps:\n      - { id: s, run: x }\n      - { run: x, if: "steps.s.outputs.o == \'\'" }\n',
      { mode: 'control-flow' },
    )
    expect(report.jobs[0]).toMatchObject({
      result: 'failure',
      reason: expect.stringContaining('the value "o" is not known: its command was not run'),
    })
  })
})

describe('a workflow', () => {
  it('gives its variables to its jobs, which may change them', async () => {
    const { jobs } = await simulated.run(
      'env: { A: "${{ github.actor }}", B: w }\njobs:\n  a:\n    runs-on: x\n    env: { B: "${{ vars.GIVEN }}" }\n    steps: [{ run: \'test "$A $B" = "octocat yes"\' }]\n',
    )
    expect(jobs[0]).toMatchObject({ result: 'success' })
  })

  it('says its concurrency', async () => {
    const { concurrency } = await simulated.run(
      "concurrency: { group: 'ci-${{ github.run_id }}', cancel-in-progress: \"${{ github.event_name == 'x' }}\" }\njobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }\n",
    )
    expect(concurrency).toEqual({ group: 'ci-1', 'cancel-in-progress': false })
  })

  it('gives the payload of the event as a file', async () => {
    const { outputs } = await simulated.job('- id: s\n  run: echo "o=$(cat "$GITHUB_EVENT_PATH")" >> "$GITHUB_OUTPUT"', {
      keys: OUTPUTS,
    })
    expect(JSON.parse(outputs['o'] ?? '')).toEqual(EVENT.payload)
  })

  it('leaves nothing behind when the machine is gone', async () => {
    await simulated.job('- run: echo')
    simulated.machine.remove()
    expect(existsSync(simulated.machine.temp)).toBe(false)
    expect(readdirSync(simulated.root)).toEqual([])
  })
})
