import { describe, expect, it } from 'vitest'
import { factsFor, WHOLE_SECTION } from '../../testing/facts.ts'
import { printedFor } from '../../testing/printed.ts'
import { JOB_IDS } from '../jobs.ts'

const FACTS = factsFor(WHOLE_SECTION)
const ciOf = (facts: typeof FACTS): NonNullable<ReturnType<typeof printedFor>['workflows'][string]> => {
  const ci = printedFor(facts).workflows['ci.yml']
  if (ci === undefined) throw new Error('there is no ci.yml')
  return ci
}
const ci = ciOf(FACTS)
const jobs = Object.entries(ci.jobs)

describe('ci.yml', () => {
  it('runs for what decides about main, and every night', () => {
    expect(ci.on).toEqual({
      push: { branches: ['main'] },
      pull_request: { branches: ['main'] },
      merge_group: {},
      schedule: [{ cron: '0 2 * * *' }],
    })
  })

  it('takes the branch, the night and the machines from interlock.yaml', () => {
    const other = ciOf(factsFor('ci:\n  schedule: 30 1 * * 1-5\n  image: ubuntu-22.04\n', { mainBranch: 'trunk' }))
    expect(other.on).toMatchObject({ push: { branches: ['trunk'] }, schedule: [{ cron: '30 1 * * 1-5' }] })
    expect(new Set(Object.values(other.jobs).map((job) => job['runs-on']))).toEqual(new Set(['ubuntu-22.04']))
  })

  it('promise-1: has a job for each that the plan speaks of, on the machines of the plan', () => {
    for (const id of JOB_IDS) {
      expect(ci.jobs[id]).toMatchObject({
        needs: ['plan'],
        if: `fromJSON(needs.plan.outputs.expected)['${id}'] == 'run'`,
        strategy: { matrix: `\${{ fromJSON(needs.plan.outputs['${id}']) }}` },
      })
      expect(ci.jobs['plan']?.outputs?.[id]).toBe(`\${{ steps.run.outputs.${id} }}`)
    }
    expect(jobs.filter(([id, job]) => job.if !== undefined && id !== 'gate').map(([id]) => id)).toEqual(JOB_IDS)
  })

  it('promise-1: plans and runs the same targets', () => {
    const targets = jobs.flatMap(([, job]) => job.steps.flatMap(({ run }) => / -t (.*)$/u.exec(run ?? '')?.[1] ?? []))
    expect(new Set(targets)).toEqual(new Set(['format lint typecheck build test test-py3.9 test-py3.10']))
    expect(targets).toHaveLength(1 + JOB_IDS.length)
  })

  it.each([
    ['without a Python project', '', ['Cargo.toml'], 'format lint typecheck build test'],
    ['with one somewhere', '', ['Cargo.toml', 'py/pyproject.toml'], 'format lint typecheck build test test-py3.9 test-py3.10'],
    ['as interlock.yaml says', 'ci:\n  targets: [lint, test:all]\n', [], 'lint test:all'],
  ])('asks for no target that nobody has: %s', (_, config, manifests, targets) => {
    expect(ciOf(factsFor(config, { manifests })).jobs['plan']?.steps.at(-1)?.run).toBe(`npx --no interlock ci plan -t ${targets}`)
  })

  it('promise-4: proves to the remote cache who a job is, and only where interlock.yaml says so', () => {
    const granted = (config: string): string[] =>
      Object.entries(ciOf(factsFor(config)).jobs).flatMap(([id, { permissions }]) =>
        (permissions as Record<string, string> | undefined)?.['id-token'] === 'write' ? [id] : [],
      )
    expect(granted('ci:\n  remoteCache: true\n')).toEqual(JOB_IDS)
    expect(granted('ci: {}\n')).toEqual([])
  })

  it('scans the languages that are there, where CodeQL is named', () => {
    expect(ci.jobs['security-scan']?.strategy).toEqual({
      'fail-fast': false,
      matrix: { language: ['actions', 'javascript-typescript', 'python', 'rust'] },
    })
    expect(ciOf(factsFor('')).jobs).not.toHaveProperty('security-scan')
    expect(ciOf(factsFor('')).jobs['gate']?.needs).not.toContain('security-scan')
  })
})
