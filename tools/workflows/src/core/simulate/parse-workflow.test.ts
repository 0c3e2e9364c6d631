import { describe, expect, it } from 'vitest'
import { parseAction, parseWorkflow } from './parse-workflow.ts'

const JOB = 'jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo\n'

function parse(text: string): ReturnType<typeof parseWorkflow> {
  return parseWorkflow({ file: 'ci.yml', text })
}

describe('a workflow', () => {
  it('is read with every form that "on" has', () => {
    expect([...parse(`on: push\n${JOB}`).on.keys()]).toEqual(['push'])
    expect([...parse(`on: [push, pull_request]\n${JOB}`).on.keys()]).toEqual(['push', 'pull_request'])
    const { on, schedules } = parse(`on:\n  push:\n    branches: main\n  schedule:\n    - cron: 0 2 * * *\n${JOB}`)
    expect(on.get('push')).toMatchObject({ branches: ['main'] })
    expect(schedules).toEqual(['0 2 * * *'])
    expect(on.has('schedule')).toBe(true)
  })

  it('has texts where GitHub has texts', () => {
    const [job] = parse(
      `on: push\nenv: { A: 1, B: true, C: }\njobs:\n  a:\n    runs-on: x\n    needs: []\n    timeout-minutes: 5\n    steps:\n      - run: x\n        with: {}\n`,
    ).jobs
    expect(job).toMatchObject({ needs: [], timeoutMinutes: '5', steps: [{ work: { kind: 'run', script: 'x' } }] })
    expect(parse(`on: push\nenv: { A: 1, B: true, C: }\n${JOB}`).env).toEqual({ A: '1', B: 'true', C: '' })
  })

  it('takes the defaults of a job before those of the workflow', () => {
    const { jobs } = parse(
      `on: push\ndefaults: { run: { shell: sh, working-directory: x } }\n${JOB.replace('    steps', '    defaults: { run: { shell: bash } }\n    steps')}`,
    )
    expect(jobs[0]?.defaults).toEqual({ shell: 'bash', workingDirectory: 'x' })
  })

  it.each([
    ['', /CONFIG_INVALID: ci\.yml:1:1: /],
    ['on: [', /ci\.yml:1:\d+: not valid YAML/],
    ['[]', /ci\.yml:1:1: \(all\)/],
    [`on: psh\n${JOB}`, /ci\.yml:1:1: on: /],
    ['on: push\njobs: {}\n', /ci\.yml: jobs: has no job/],
    [`on: push\n${JOB}    services: {}\n`, /ci\.yml:7:5: jobs\.a\.services: is a key that is not simulated/],
    [`on: push\n${JOB}    uses: ./.github/workflows/x.yml\n`, /jobs\.a\.uses: is a key that is not simulated/],
    [`on: push\n${JOB}    continue-on-error: [x]\n`, /ci\.yml:7:5: jobs\.a\.continue-on-error: /],
    ['on: push\njobs:\n  a:\n    runs-on: x\n    steps: []\n', /ci\.yml:5:5: jobs\.a\.steps: has no step/],
    [
      'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - name: x\n',
      /jobs\.a\.steps\[0\]: has to have one of run and uses/,
    ],
    ['on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: x\n        uses: y\n', /has to have one of run and uses/],
    [`on: push\n${JOB}    needs: b\n`, /ci\.yml: jobs\.a\.needs: there is no job "b"/],
    [`on: push\n${JOB}    needs: a\n`, /ci\.yml: jobs: a wait for each other/],
    [`on: push\n${JOB.replace('  a:', '  "$(id)":')}`, /is no name/],
    [`on: push\n${JOB}x: 1\ny: 2\n`, /2 values are not valid:\n {2}7:1 x: is a key that is not simulated\n {2}8:1 y: /],
  ])('promise-1: %j is refused with its place', (text, says) => {
    expect(() => parse(text)).toThrow(says)
  })

  it('promise-1: aliases that would fill the memory are refused', () => {
    const lines = Array.from(
      { length: 12 },
      (_, index) =>
        `a${index}: &a${index} [${Array.from({ length: 10 }, () => (index === 0 ? 'x' : `*a${index - 1}`)).join(', ')}]`,
    )
    expect(() => parse(lines.join('\n'))).toThrow(/CONFIG_INVALID: ci\.yml: cannot be read: /)
  })

  it('may be of 5 MB', () => {
    expect(parse(`on: push\nname: ${'x'.repeat(5_000_000)}\n${JOB}`).jobs).toHaveLength(1)
  })
})

it('an action is read with the defaults of its inputs, and its outputs', () => {
  const text =
    'name: x\ninputs:\n  only: { default: 3 }\n  must: { required: true }\noutputs:\n  o: { value: "${{ steps.s.outputs.o }}" }\nruns:\n  using: composite\n  steps:\n    - run: x\n      shell: bash\n'
  expect(parseAction({ file: 'action.yml', text })).toMatchObject({
    using: 'composite',
    inputs: { only: '3', must: undefined },
    outputs: { o: '${{ steps.s.outputs.o }}' },
    steps: [{ work: { kind: 'run', script: 'x', shell: 'bash' } }],
  })
  expect(() => parseAction({ file: 'a/action.yml', text: 'name: x\nruns: {}\n' })).toThrow(/a\/action\.yml:2:1: runs\.using/)
})
