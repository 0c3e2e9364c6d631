import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobReport } from '../../core/simulate/report.ts'
import { createSimulated, OUTPUTS, type Simulated, stepsOf } from '../../testing/simulated.ts'

let simulated: Simulated
beforeEach(() => {
  simulated = createSimulated()
})
afterEach(() => {
  simulated.dispose()
})

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('the steps of a job', () => {
  it('run as their conditions say', async () => {
    const report = await simulated.job(`- run: touch a
- id: f
  run: exit 1
- run: touch b
- run: touch c
  if: failure() && steps.f.outcome == 'failure'
- run: touch d
  if: always()
- run: touch e
  if: success()`)
    expect(stepsOf(report).map(({ outcome }) => outcome)).toEqual([
      'success',
      'failure',
      'skipped',
      'success',
      'success',
      'skipped',
    ])
    expect(readdirSync(simulated.root).sort()).toEqual(['a', 'c', 'd'])
    expect(report.result).toBe('failure')
  })

  it('are cancelled with their job, whose failure alone is forgiven', async () => {
    const keys = '    continue-on-error: true\n'
    expect((await simulated.job('- run: exit 1', { keys })).result).toBe('success')
    const late = await simulated.job('- run: sleep 30', { keys: `${keys}    timeout-minutes: 0.01\n` })
    expect(late.result).toBe('cancelled')
  })

  it('read no secret in a condition, and the empty text of one elsewhere', async () => {
    const report = await simulated.job(
      "- run: 'true'\n  if: secrets.TOKEN == ''\n- run: test -z '${{ secrets.TOKEN }}'\n  if: always()",
    )
    expect(stepsOf(report)).toMatchObject([
      { outcome: 'failure', note: expect.stringContaining('secrets') },
      { outcome: 'success' },
    ])
  })

  it('may fail where it is allowed, and both is seen', async () => {
    const report = await simulated.job(
      '- id: s\n  run: exit 1\n  continue-on-error: true\n- run: test "${{ steps.s.outcome }} ${{ steps.s.conclusion }}" = "failure success"',
    )
    expect(report.result).toBe('success')
    expect(stepsOf(report)[0]).toMatchObject({ outcome: 'failure', conclusion: 'success' })
  })

  it('fail the job where an output has no value', async () => {
    expect(
      await simulated.job('- run: true', { keys: '    outputs: { o: "${{ fromJSON(steps.s.outputs.o) }}" }\n' }),
    ).toMatchObject({
      result: 'failure',
      reason: expect.stringContaining('its outputs: empty input'),
      legs: [{ steps: [{ outcome: 'success' }] }],
    })
  })

  it('can hash files', async () => {
    simulated.write('a/x.lock', '1')
    simulated.write('node_modules/y.lock', '2')
    const hash = sha256(createHash('sha256').update('1').digest())
    const { outputs } = await simulated.job(
      '- id: s\n  run: echo "o=${{ hashFiles(\'**/*.lock\') }} ${{ hashFiles(\'*.none\') }}." >> "$GITHUB_OUTPUT"',
      { keys: OUTPUTS },
    )
    expect(outputs['o']).toBe(`${hash} .`)
  })
})

describe('an action of the repository', () => {
  const ACTION = `name: x
inputs: { only: { default: some }, who: { default: "\${{ github.actor }}" } }
outputs: { o: { value: "\${{ steps.in.outputs.v }}" } }
runs:
  using: composite
  steps:
    - run: exit 1
      shell: bash
      if: inputs.only != 'some'
    - id: in
      run: |
        echo "v=\${{ inputs.only }} \${{ inputs.who }} $STEP" >> "$GITHUB_OUTPUT"
        echo "E=kept" >> "$GITHUB_ENV"
        test -f "$GITHUB_ACTION_PATH/action.yml"
      shell: bash
`

  it.each(['./.github/actions/x', '$/.github/actions/x'])('is run as %s, with its inputs and outputs', async (uses) => {
    simulated.write('.github/actions/x/action.yml', ACTION)
    const report = await simulated.job(
      `- id: s\n  uses: ${uses}\n  env: { STEP: yes }\n- run: test -z "$STEP" && test "$E" = kept`,
      {
        keys: OUTPUTS,
      },
    )
    expect(report).toMatchObject({ result: 'success', outputs: { o: 'some octocat yes', e: 'kept' } })
  })

  it('fails its step, and its own conditions are about its own steps', async () => {
    simulated.write('x/action.yml', ACTION)
    expect(await simulated.job('- uses: ./x\n  with: { only: other }')).toMatchObject({
      result: 'failure',
      reason: 'a: the step "./x": its step "exit 1" ended with failure',
    })
    const after = await simulated.job('- run: exit 1\n- uses: ./x\n  if: always()')
    expect(stepsOf(after)[1]).toMatchObject({ outcome: 'success' })
  })

  it.each([
    ['./none', 'there is no action.yml in none'],
    ['./x\n  with: { other: 1 }', 'x/action.yml has no input'],
    ['./broken', 'broken/action.yml:1:8: not valid YAML'],
    ['./../outside', 'outside'],
    ['./link', 'lies outside of the repository'],
    ['./self', 'actions are nested deeper than 10'],
  ])('promise-1: as %j fails', async (uses, reason) => {
    simulated.write('x/action.yml', ACTION)
    simulated.write('broken/action.yml', 'name: [')
    simulated.write('self/action.yml', 'name: x\nruns: { using: composite, steps: [{ uses: ./self }] }\n')
    const elsewhere = join(simulated.machine.temp, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'action.yml'), ACTION)
    symlinkSync(elsewhere, join(simulated.root, 'link'))
    const report = await simulated.job(`- uses: ${uses}`)
    expect(report.result).toBe('failure')
    expect(JSON.stringify(report)).toContain(reason)
  })
})

describe('an action of somebody else', () => {
  it('has a stand-in that checks its inputs, and says what was not checked', async () => {
    const report = await simulated.job('- uses: actions/checkout@v7.0.1\n  with: { fetch-depth: 0 }\n- uses: a/b@v1')
    expect(stepsOf(report)).toMatchObject([
      { mode: 'stand-in', outcome: 'success', note: 'inputs checked against v7.0.1' },
      { mode: 'stand-in', outcome: 'success', note: 'inputs not checked: the action is not in the catalogue' },
    ])
    expect(await simulated.job('- uses: actions/checkout@v7.0.1\n  with: { dept: 0 }')).toMatchObject({
      result: 'failure',
      reason: expect.stringContaining('has no input "dept"'),
    })
  })

  it('promise-1: has the outputs that the event knows, and reading another one fails', async () => {
    const report = (name: string): Promise<JobReport> =>
      simulated.job(`- id: m\n  uses: dependabot/fetch-metadata@v3.1.0\n- run: test "\${{ steps.m.outputs.${name} }}" = patch`)
    expect(await report('update-type')).toMatchObject({ result: 'success' })
    const whole =
      '- id: m\n  uses: dependabot/fetch-metadata@v3.1.0\n- id: s\n  run: echo "o=$(tr -d "\\n " <<< "$M")" >> "$GITHUB_OUTPUT"\n  env: { M: "${{ toJSON(steps.m.outputs) }}" }'
    expect((await simulated.job(whole, { keys: OUTPUTS })).outputs['o']).toBe('{"update-type":"patch"}')
    expect(await report('directory')).toMatchObject({
      reason: expect.stringContaining('the value "directory" is not known: dependabot/fetch-metadata is not run here'),
    })
  })

  it('a local action that is not composite is not run, and its outputs are not known', async () => {
    simulated.write('x/action.yml', 'name: x\nruns: { using: node24, main: x.js }\n')
    const report = await simulated.job('- id: m\n  uses: ./x\n- run: echo ${{ steps.m.outputs.a }}')
    expect(stepsOf(report)).toMatchObject([{ mode: 'stand-in', outcome: 'success' }, { outcome: 'failure' }])
  })
})
