import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Invocation } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { FIXTURES } from '../core/simulate/fixtures.ts'
import { type CiWorkspace, createCiWorkspace } from '../testing/ci-workspace.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

let ci: CiWorkspace
beforeAll(async () => {
  ci = await createCiWorkspace()
})
afterAll(() => ci.dispose())

describe('interlock ci simulate', () => {
  it('tells each job, what did not run, and the verdict', async () => {
    const { prose, status } = await ci.simulate('ci.yml', 'pull-request-opened', { fail: ['rust-tests (1)'] })
    expect(status).toBe(1)
    expect(prose).toMatch(/^pull_request on refs\/pull\/7\/merge \([0-9a-f]{12}\)\n\n\.github\/workflows\/ci\.yml\n/)
    expect(prose).toContain('\n  success    doctor (nothing of it ran)\n')
    expect(prose).toContain('\n  success    plan\n')
    expect(prose).toMatch(/\n {2}failure {4}rust-tests \(1, 1, proxy\): given with --fail rust-tests \(1\)\n/)
    expect(prose).toMatch(/\n {2}failure {4}gate: the step "Whether everything ran that had to": it exited with 5\n {4}\| /)
    expect(prose).toContain('    | red    rust-tests failed\n')
    expect(prose).toMatch(
      /\n {2}2 commands ran, \d+ actions had a stand-in, and \d+ commands did not run: this tests the control flow alone\n/,
    )
    expect(prose).toMatch(/\n {2}red: the required check "gate" ended with failure$/)
  })

  it('lists the events and what each starts', async () => {
    const { status, prose } = await ci.verb('ci simulate')({ options: { list: true, workflow: 'ci.yml' } })
    expect(status).toBe(0)
    expect(prose.split('\n')).toHaveLength(FIXTURES.length)
    expect(prose).toMatch(/^push +a push to the main branch: ci\.yml\n/)
    expect(prose).toMatch(/\npull-request-labeled +the label gpu is put on a pull request: starts nothing\n/)
  })

  it('takes an event from a file', async () => {
    writeFileSync(join(ci.beside, 'event.json'), JSON.stringify({ name: 'schedule', payload: { schedule: '0 2 * * *' } }))
    const { status, results } = await ci.simulate('ci.yml', join(ci.beside, 'event.json'))
    expect({ status, python: results['python-tests'] }).toEqual({ status: 0, python: 'success' })
  })

  it('promise-1: says with status 3 that an injected result changed nothing', async () => {
    const { status, prose } = await ci.simulate('ci.yml', 'pull-request-opened', { fail: ['build-docs'] })
    expect(status).toBe(3)
    expect(prose).toContain('--fail build-docs changed nothing: the job did not start: its condition does not hold: ')
  })

  it('runs a workflow that was written by hand, for real, here or in a copy', async () => {
    const text = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: test -f uncommitted && pwd\n'
    ci.write('.github/workflows/hand.yml', text)
    ci.commit('a workflow by hand')
    ci.write('uncommitted', '')
    const options = { workflow: 'hand.yml', event: 'push' }
    const here = await ci.verb('ci simulate')({ options })
    expect(here).toMatchObject({
      status: 0,
      prose: expect.stringContaining('1 command ran, 0 actions had a stand-in\n  green: '),
    })
    const copied = await ci.verb('ci simulate')({ options: { ...options, copy: true } })
    expect(copied).toMatchObject({ status: 1, prose: expect.stringContaining('failure    a: the step') })
    ci.git('reset', '-q', '--hard', 'HEAD~1')
    rmSync(join(ci.root, 'uncommitted'))
  })

  it.each<[Invocation['options'], string]>([
    [{}, 'USAGE: there is no event to simulate'],
    [{ event: 'pull-request-open' }, 'neither a fixture nor a file\n\nhint: did you mean pull-request-opened?'],
    [{ event: 'nosuch.json' }, 'FILE_UNREADABLE: nosuch.json: cannot be read (ENOENT)'],
    [{ event: 'package.json' }, 'CONFIG_INVALID: package.json: '],
    [{ event: 'push', workflow: 'c.yml' }, 'hint: did you mean ci.yml?'],
    [{ event: 'push', workflow: '../../package.json' }, 'USAGE: there is no workflow "../../package.json"'],
    [{ event: 'push', fail: ['rust-test'] }, 'hint: did you mean rust-tests?'],
    [{ event: 'push', fail: ['$(id)'] }, 'USAGE: --fail $(id): is not the id of a job'],
    [{ event: 'push', skip: ['rust-tests (1)'] }, 'skips a job as a whole'],
    [{ event: 'push', fail: ['plan'], cancel: ['plan'] }, 'USAGE: plan is given two results'],
    [{ event: 'push', copy: true, controlFlow: true }, 'USAGE: --copy and --control-flow exclude each other'],
    [
      { event: 'pull-request-workflow-only' },
      'USAGE: --event pull-request-workflow-only: crates/proxy/src/lib.rs is changed too since ',
    ],
  ])('refuses %j', async (options, says) => {
    await expect(ci.verb('ci simulate')({ options })).rejects.toThrow(says)
  })

  it('names a workflow that cannot be read, with its place', async () => {
    ci.write('.github/workflows/broken.yml', 'on: push\njobs:\n  a:\n    runs-on: x\n    steps: []\n')
    await expect(ci.verb('ci simulate')({ options: { event: 'push' } })).rejects.toThrow(
      'CONFIG_INVALID: .github/workflows/broken.yml:5:5: jobs.a.steps: has no step',
    )
    rmSync(join(ci.root, '.github/workflows/broken.yml'))
    symlinkSync('nowhere.yml', join(ci.root, '.github/workflows/linked.yml'))
    await expect(ci.verb('ci simulate')({ options: { event: 'push' } })).rejects.toThrow(
      'CONFIG_INVALID: .github/workflows/linked.yml: cannot be read (ENOENT)',
    )
    rmSync(join(ci.root, '.github/workflows/linked.yml'))
  })

  it('needs a commit, and a workflow', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'interlock-empty-'))
    writeFileSync(join(empty, 'nx.json'), '{}')
    const options = { event: 'push' }
    await expect(ci.verb('ci simulate')({ root: empty, options })).rejects.toThrow('GIT_FAILED: there is no commit here')
    const quiet = { cwd: empty, stdio: 'ignore' as const }
    execFileSync('git', ['init', '-q'], quiet)
    await expect(ci.verb('ci simulate')({ root: empty, options })).rejects.toThrow('GIT_FAILED: there is no commit here')
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', 'commit', '-q', '--allow-empty', '-m', 'x'], quiet)
    await expect(ci.verb('ci simulate')({ root: empty, options })).rejects.toThrow(
      'USAGE: there is no workflow in .github/workflows',
    )
    rmSync(empty, { recursive: true })
  })
})
