import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { afterAll, describe, expect, it } from 'vitest'
import { verbs } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'interlock-gate-'))
afterAll(() => rmSync(root, { recursive: true }))

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid']
  return execFileSync('git', [...who, ...args], { cwd: root, encoding: 'utf8' }).trim()
}
git('init', '-q')
git('commit', '-q', '--allow-empty', '-m', 'one')
const commit = git('rev-parse', 'HEAD')

/** What the plan puts out for a commit. */
function planned(jobs: object, at: string = commit): string {
  return JSON.stringify({ '@commit': at, '@base': 'everything', '@reason': 'asked for', ...jobs })
}

async function gate(given: Partial<Invocation>): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'ci gate')
  if (verb === undefined) throw new Error('no such verb')
  return verb.run({ root, env: {}, arguments: [], options: {}, rest: [], json: false, ...given })
}

const NEEDS = {
  plan: { result: 'success', outputs: { expected: planned({ 'rust-tests': 'run', 'build-docs': 'empty' }) } },
  'rust-tests': { result: 'success', outputs: {} },
  'build-docs': { result: 'skipped', outputs: {} },
}
const failed = { ...NEEDS, 'rust-tests': { result: 'failure' } }

describe('interlock ci gate', () => {
  it('reads the variable and says what became of each job', async () => {
    expect(await gate({ env: { INTERLOCK_NEEDS: JSON.stringify(NEEDS) } })).toMatchObject({
      status: 0,
      prose:
        'green  plan succeeded\ngreen  rust-tests succeeded\ngreen  build-docs was skipped: the plan has no work for it\ngate: green, 3 jobs',
      data: { green: true },
    })
  })

  it('is refused with status 5, and says so on the page of the run', async () => {
    const summary = join(root, 'summary.md')
    const env = { INTERLOCK_NEEDS: JSON.stringify(failed), GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }
    const outcome = await gate({ env })
    expect(outcome.status).toBe(5)
    expect(outcome.prose).toContain('\n::error title=gate::rust-tests failed\ngate: red, 1 of 3 jobs')
    expect(readFileSync(summary, 'utf8')).toContain('| rust-tests | red | failed |')
  })

  it('reads a file, and works without a plan', async () => {
    writeFileSync(join(root, 'needs.json'), JSON.stringify({ build: { result: 'success' } }))
    expect(await gate({ options: { needs: 'needs.json', plan: false } })).toMatchObject({ status: 0 })
    expect(await gate({ options: { needs: 'needs.json', planJob: 'other' } })).toMatchObject({ status: 5 })
  })

  it('promise-1: takes outputs of null, which act writes, for none', async () => {
    const needs = { ...NEEDS, 'rust-tests': { result: 'success', outputs: null } }
    expect(await gate({ env: { INTERLOCK_NEEDS: JSON.stringify(needs) } })).toMatchObject({ status: 0 })
    const unplanned = { ...needs, plan: { result: 'success', outputs: null } }
    expect(await gate({ env: { INTERLOCK_NEEDS: JSON.stringify(unplanned) } })).toMatchObject({ status: 5 })
  })

  it('promise-1: is red for the plan of another commit', async () => {
    const plan = { result: 'success', outputs: { expected: planned({ 'rust-tests': 'run' }, 'b'.repeat(40)) } }
    const outcome = await gate({ env: { INTERLOCK_NEEDS: JSON.stringify({ plan, 'rust-tests': { result: 'success' } }) } })
    expect(outcome.status).toBe(5)
    expect(outcome.prose).toContain(`plan cannot be used: the plan was made for commit ${'b'.repeat(40)}, and this is ${commit}`)
  })

  it('promise-1: is not told that there is a plan and that there is none', async () => {
    const options = { needs: 'nowhere.json', plan: false, planJob: 'plan' }
    await expect(gate({ options })).rejects.toMatchObject({ code: 'USAGE', exitStatus: 2 })
    await expect(gate({ options })).rejects.toThrow('--no-plan says that no job planned the run, and --plan-job that plan did')
  })

  it.each([
    [{}, /^CONFIG_INVALID: INTERLOCK_NEEDS is not set/],
    [{ env: { INTERLOCK_NEEDS: ' ' } }, /INTERLOCK_NEEDS is empty/],
    [{ env: { INTERLOCK_NEEDS: '{' } }, /INTERLOCK_NEEDS is not JSON/],
    [{ env: { INTERLOCK_NEEDS: '[]' } }, /the results in INTERLOCK_NEEDS are not valid:/],
    [{ env: { INTERLOCK_NEEDS: '{"a":{}}' } }, /  a\.result: /],
    [
      { env: { INTERLOCK_NEEDS: '{"__proto__":{"result":"failure"},"a":{"result":"success"}}' } },
      /INTERLOCK_NEEDS has the key "__proto__", which cannot be judged/,
    ],
    [
      {
        env: { INTERLOCK_NEEDS: JSON.stringify({ plan: { result: 'success', outputs: { expected: planned({ a: 'maybe' }) } } }) },
      },
      /the expectations in output "expected" of the job plan are not valid:\n {2}a: /,
    ],
    [
      { env: { INTERLOCK_NEEDS: JSON.stringify({ 'a\n::warning::x': { result: 'success' } }) } },
      /are not valid:\n {2}\["a\\n::warning::x"\]: is not the id of a job/,
    ],
    [
      { env: { INTERLOCK_NEEDS: JSON.stringify({ plan: { result: 'success', outputs: { expected: '{"a":"run"}' } } }) } },
      /the expectations in output "expected" of the job plan are not valid:\n {2}@commit: is neither a full commit id nor "none"\n/,
    ],
    [{ options: { needs: 'nowhere.json' } }, /^FILE_UNREADABLE: nowhere\.json: cannot be read \(ENOENT\)/],
  ])('promise-1: an input that says nothing is an error: %j', async (given, says) => {
    await expect(gate(given)).rejects.toThrow(says)
  })
})
