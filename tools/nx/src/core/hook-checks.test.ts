import { describe, expect, it } from 'vitest'
import { expectHonestRun, type RunFacts, runWarnings } from './hook-checks.ts'

const PROJECTS = { a: ['test', 'lint'], b: ['test', 'test-py3.9'], docs: ['build'] }

/** Names and `*` only; the real patterns are those of Nx. */
function matching(patterns: readonly string[]): string[] {
  return Object.keys(PROJECTS).filter((name) => patterns.includes('*') || patterns.includes(name))
}

function run(argv: string, given: Partial<RunFacts> = {}): () => void {
  return () => expectHonestRun({ argv: argv.split(' '), env: {}, projects: PROJECTS, matching, ...given })
}

describe('a run is refused', () => {
  it.each([
    ['affected -t test --base=', 'BASE_EMPTY'],
    ['affected -t test --head=', 'BASE_EMPTY'],
    ['affected -t test --uncommitted', 'USAGE'],
    ['affected -t test --untracked=true', 'USAGE'],
    ['affected -t nosuch', 'TARGET_UNKNOWN'],
    ['affected --targets=test,nosuch', 'TARGET_UNKNOWN'],
    ['run-many -t test nosuch --parallel=2', 'TARGET_UNKNOWN'],
    ['run-many --target nosuch', 'TARGET_UNKNOWN'],
    ['run-many -tnosuch', 'TARGET_UNKNOWN'],
    ['run-many -t build-*', 'TARGET_UNKNOWN'],
    ['run-many -t test-py3.8', 'TARGET_UNKNOWN'],
    ['run-many -t test test-py3.8 nosuch', 'TARGET_UNKNOWN'],
    ['run-many -t test -p nosuch', 'PROJECT_UNKNOWN'],
    ['run-many -t test --projects=a,nosuch', 'PROJECT_UNKNOWN'],
    ['run-many -t test --projects docs', 'TARGET_UNKNOWN'],
    ['run-many -t lint -p a --exclude=a', 'TARGET_UNKNOWN'],
    ['run-many -t test --exclude=*', 'TARGET_UNKNOWN'],
    ['affected -t test --exclude *', 'TARGET_UNKNOWN'],
  ])('when it is `nx %s`', (argv, code) => {
    expect(run(argv)).toThrow(expect.objectContaining({ code }))
  })

  it('when --base is followed by nothing', () => {
    expect(() =>
      expectHonestRun({ argv: ['affected', '--base', '', '-t', 'test'], env: {}, projects: PROJECTS, matching }),
    ).toThrow(expect.objectContaining({ code: 'BASE_EMPTY' }))
  })

  it('when the environment gives an empty base and the command none', () => {
    expect(run('affected -t test', { env: { NX_BASE: '' } })).toThrowErrorMatchingInlineSnapshot(`
      [InterlockError: BASE_EMPTY: NX_BASE is empty, and Nx would compare with a default instead

      hint: give a commit id, or leave it out: \`npx interlock base\` prints the commit to compare with]
    `)
    expect(run('affected -t test --base=abc', { env: { NX_BASE: '' } })).not.toThrow()
  })

  it('when there is no project', () => {
    expect(run('run-many -t test', { projects: {} })).toThrow(expect.objectContaining({ code: 'GRAPH_EMPTY' }))
  })
})

describe('a run goes on', () => {
  it.each([
    'affected -t test --base=abc --head=HEAD',
    'affected -t test lint --base abc',
    'run-many -t test -p a -- -t nosuch --base=',
    'run-many --targets=test,lint',
    'run-many -t test-py*',
    'run-many -t test test-py3.8 test-py3.9',
    'run-many -t !test',
    'run-many -t test lint -p b',
    'run-many -t test -p a,!b --exclude=docs',
    'run a:test',
    'test a',
  ])('when it is `nx %s`', (argv) => {
    expect(run(argv)).not.toThrow()
  })

  it('with a warning where the table is stale or the cache is shared', () => {
    const stale = [{ root: 'a', ecosystem: 'cargo' as const, key: 'a', committed: undefined, actual: '1' }]
    expect(runWarnings({ stale, cacheDirectory: undefined, env: {} })).toMatchInlineSnapshot(`
      [
        "closures.json is stale for a: until \`npx nx sync\`, every change of the lock file runs them",
        "the cache is shared by every clone of this repository on this machine: set "cacheDirectory": ".nx/cache" in nx.json",
      ]
    `)
    expect(runWarnings({ stale: [], cacheDirectory: '.nx/cache', env: {} })).toEqual([])
    expect(runWarnings({ stale: [], cacheDirectory: undefined, env: { NX_CACHE_DIRECTORY: '/x' } })).toEqual([])
  })
})
