import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSimulated, EVENT, OUTPUTS, type Simulated, stepsOf } from '../../testing/simulated.ts'

let simulated: Simulated
beforeEach(() => {
  simulated = createSimulated()
})
afterEach(() => {
  simulated.dispose()
  vi.unstubAllEnvs()
})

describe('a command', () => {
  it('gives outputs, variables, folders and a summary to what comes after it', async () => {
    const report = await simulated.job(
      `- run: |
    echo "E=from env" >> "$GITHUB_ENV"
    mkdir bin && printf '#!/bin/sh\\necho tool' > bin/tool && chmod +x bin/tool
    echo "$PWD/bin" >> "$GITHUB_PATH"
    echo '# hello' >> "$GITHUB_STEP_SUMMARY"
- id: s
  run: echo "o=$(tool) $E \${{ env.E }} \${{ github.event_name }} $OWN" >> "$GITHUB_OUTPUT"
  env: { OWN: "\${{ github.actor }}" }
- run: test -z "$OWN"`,
      { keys: OUTPUTS },
    )
    expect(report).toMatchObject({ result: 'success', outputs: { o: 'tool from env from env push octocat', e: 'from env' } })
    expect(stepsOf(report)[0]).toMatchObject({ mode: 'real', summary: '# hello\n' })
  })

  it('sees nothing of the caller but what it needs, and what is passed on', async () => {
    vi.stubEnv('SECRET_TOKEN', 'leaked')
    vi.stubEnv('PASSED', 'on')
    vi.stubEnv('GITHUB_TOKEN', 'leaked')
    const report = await simulated.job(
      '- id: s\n  run: echo "o=$(env | grep -c leaked) $PASSED $GITHUB_ACTIONS $GITHUB_SHA" >> "$GITHUB_OUTPUT"',
      {
        keys: OUTPUTS,
        pass: ['PASSED'],
      },
    )
    expect(report.outputs['o']).toBe(`0 on true ${EVENT.sha}`)
  })

  it('is not logged in to GitHub with what this machine has, and has no token in an expression', async () => {
    const report = await simulated.job(
      '- run: test -z "$GH_TOKEN$TOKEN" && test -z "$(ls "$GH_CONFIG_DIR")"\n  env: { TOKEN: "${{ github.token }}${{ secrets.X }}" }',
    )
    expect(report.result).toBe('success')
  })

  it('runs in the shell of GitHub: a failing pipe counts in bash, and not where no shell is named', async () => {
    expect(await simulated.job('- run: "false | true"')).toMatchObject({ result: 'success' })
    expect(await simulated.job('- run: "false | true"\n  shell: bash')).toMatchObject({ result: 'failure' })
    expect(await simulated.job('- run: |\n    false\n    true')).toMatchObject({ result: 'failure' })
    expect(await simulated.job('- run: exit 3\n  shell: sh')).toMatchObject({ reason: 'a: the step "exit 3": it exited with 3' })
    expect(await simulated.job('- run: x\n  shell: nosuch')).toMatchObject({
      reason: expect.stringContaining('the shell "nosuch" is not known'),
    })
    expect(await simulated.job('- run: x\n  shell: no-such-program {0}')).toMatchObject({
      reason: expect.stringContaining('no-such-program cannot be started'),
    })
  })

  it('has the folder and the shell of its job, and a folder that is not there fails it', async () => {
    simulated.write('sub/x', '')
    const keys = '    defaults: { run: { shell: bash, working-directory: sub } }\n'
    expect(
      await simulated.job('- run: test -f x && shopt -qo pipefail\n- run: test -d sub\n  working-directory: .', { keys }),
    ).toMatchObject({ result: 'success' })
    expect(await simulated.job('- run: ls\n  working-directory: none')).toMatchObject({
      reason: expect.stringContaining('there is no folder none'),
    })
  })

  it('has the PATH that a step before it gave, with the folders before it', async () => {
    const report = await simulated.job(
      '- run: |\n    echo "PATH=/given:$PATH" >> "$GITHUB_ENV"\n    echo /first >> "$GITHUB_PATH"\n- run: \'[[ $PATH == /first:/given:* ]]\'',
    )
    expect(report.result).toBe('success')
  })

  it('of hostile text is text', async () => {
    const report = await simulated.job(
      '- run: test "$M" = \'$(touch hacked)\'\n  env: { M: "${{ github.event.head_commit.message }}" }',
    )
    expect(report.result).toBe('success')
    expect(existsSync(join(simulated.root, 'hacked'))).toBe(false)
  })

  it.each([
    ['echo "::set-output name=a::b"', 'it says ::set-output, which is not simulated'],
    ['echo broken >> "$GITHUB_OUTPUT"', 'GITHUB_OUTPUT: the line "broken" is no name=value'],
    ['echo NODE_OPTIONS=x >> "$GITHUB_ENV"', 'GITHUB_ENV: a step may not set NODE_OPTIONS'],
    ['echo ${{ matrix.x }} ${{ nothing.y }}', "Unrecognized named-value: 'nothing'"],
    ['kill -9 $$', 'it was ended by SIGKILL'],
    ['echo ${{ vars.OTHER }}', 'the value "OTHER" is not known: variables of the repository are on GitHub'],
  ])('promise-1: %s fails', async (script, reason) => {
    const report = await simulated.job(`- run: ${JSON.stringify(script)}`)
    expect(report).toMatchObject({ result: 'failure', reason: expect.stringContaining(reason) })
  })

  it('shows the end of what it wrote where it fails', async () => {
    const report = await simulated.job('- run: for i in $(seq 40); do echo line $i; done; echo why >&2; exit 1')
    expect(stepsOf(report)[0]?.tail?.split('\n').slice(-2)).toEqual(['line 40', 'why'])
    expect(stepsOf(report)[0]?.tail).not.toContain('line 1\n')
  })

  it('that does not end is ended with all that it started, and the job where the job has no time left', async () => {
    const endless = '(sleep 60; touch late) & sleep 60'
    expect(await simulated.job(`- run: ${endless}\n  timeout-minutes: 0.005\n- run: touch after\n  if: failure()`)).toMatchObject(
      {
        result: 'failure',
        reason: expect.stringContaining('it did not end within 0.005 minutes'),
      },
    )
    expect(existsSync(join(simulated.root, 'after'))).toBe(true)
    const report = await simulated.job(`- run: ${endless}\n- run: touch never\n- run: touch cleanup\n  if: cancelled()`, {
      keys: '    timeout-minutes: 0.005\n',
    })
    expect(report).toMatchObject({ result: 'cancelled', reason: expect.stringContaining('the job did not end within its time') })
    expect(['late', 'never', 'cleanup'].filter((file) => existsSync(join(simulated.root, file)))).toEqual(['cleanup'])
    expect(await simulated.job('- run: x\n  timeout-minutes: 0')).toMatchObject({
      reason: expect.stringContaining('timeout-minutes is "0", which is no time'),
    })
  })
})
