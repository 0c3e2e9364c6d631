import type { ReaderResult } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { edge, lockedSlice, readerProject, readerResult, targetPlan } from '../testing/readers.ts'
import { selectedBy, workspaceFacts } from '../testing/selection.ts'
import { closuresOf, readClosures, renderClosures } from './closures.ts'
import { composeGraph } from './compose.ts'
import type { ComposedGraph, JavaScriptProject, Target, WorkspaceFacts } from './model.ts'

/** The first project of a reader, after one of its packages moved. */
function bumped(result: ReaderResult | undefined): ReaderResult['projects'][number] {
  const project = result?.projects[0] ?? readerProject('none')
  return { ...project, lock: lockedSlice(project.ecosystem, ['one 2.0.0']) }
}

function compose(given: Partial<WorkspaceFacts>, of: readonly ReaderResult[]): ComposedGraph {
  const closures = readClosures(renderClosures(closuresOf(of, [])))
  return composeGraph({ results: of, facts: workspaceFacts({ closures, ...given }) })
}

describe('files outside a project that its manifest names', () => {
  it('are read even where a rule would leave them out', () => {
    const reads = [
      readerResult('cargo', [
        readerProject('a', { outside: ['README.md'] }),
        readerProject('b', { dependencies: [edge('a')] }),
        readerProject('c'),
      ]),
    ]
    expect(selectedBy(compose({}, reads), 'README.md')).toEqual(['a:test', 'b:test'])
  })

  it('are read in another project that is no dependency', () => {
    const reads = [
      readerResult('cargo', [
        readerProject('a', { outside: ['c/data/x.bin'] }),
        readerProject('b', { outside: ['d/*.bin'] }),
        readerProject('c'),
        readerProject('d'),
      ]),
    ]
    expect(selectedBy(compose({}, reads), 'c/data/x.bin')).toEqual(['a:test', 'c:test'])
    expect(selectedBy(compose({}, reads), 'd/x.bin')).toEqual(['b:test', 'd:test'])
  })
})

describe('a project inside another', () => {
  const nested = [
    readerResult('cargo', [readerProject('rs'), readerProject('rs/derive')]),
    readerResult('python', [
      readerProject('py/a', { ecosystem: 'python', name: 'a' }),
      readerProject('py/a/nested', { ecosystem: 'python', name: 'nested' }),
    ]),
  ]

  it('promise-1: is read by the tools of Python, which walk down into it', () => {
    expect(selectedBy(compose({}, nested), 'py/a/nested/src/x.py')).toEqual(['py/a/nested:test', 'py/a:test'])
    expect(selectedBy(compose({}, nested), 'py/a/src/x.py')).toEqual(['py/a:test'])
  })

  it('is not read by Cargo, which builds what a manifest names', () => {
    expect(selectedBy(compose({}, nested), 'rs/derive/src/lib.rs')).toEqual(['rs/derive:test'])
  })
})

describe('dependencies', () => {
  it('of kind dev that would close a cycle are no edges, and still inputs', () => {
    const loop = [
      readerResult('cargo', [
        readerProject('a', { dependencies: [edge('b', { kind: 'dev' })] }),
        readerProject('b', { dependencies: [edge('a'), edge('c')] }),
        readerProject('c'),
      ]),
    ]
    const graph = compose({}, loop)
    expect(graph.edges.map(({ source, target }) => [source, target])).toEqual([
      ['b', 'a'],
      ['b', 'c'],
    ])
    expect(selectedBy(graph, 'b/src/lib.rs')).toEqual(['a:test', 'b:test'])
    expect(selectedBy(graph, 'c/src/lib.rs')).toEqual(['a:test', 'b:test', 'c:test'])
  })

  it('that need each other are an error with the way round', () => {
    const loop = [
      readerResult('cargo', [
        readerProject('a', { dependencies: [edge('b')] }),
        readerProject('b', { dependencies: [edge('c')] }),
        readerProject('c', { dependencies: [edge('a')] }),
      ]),
    ]
    expect(() => compose({}, loop)).toThrowErrorMatchingInlineSnapshot(`
      [InterlockError: GRAPH_CYCLE: a/Cargo.toml: projects depend on each other: a -> b -> c -> a

      hint: remove one of these dependencies, or make it a dev-dependency]
    `)
  })

  it('on a directory that is no project are an error', () => {
    const lost = [readerResult('cargo', [readerProject('a', { dependencies: [edge('gone')] })])]
    expect(() => compose({}, lost)).toThrowErrorMatchingInlineSnapshot(`
      [InterlockError: GRAPH_EDGE_UNKNOWN: a/Cargo.toml: depends on gone, which is no Rust project

      hint: is the directory ignored by git, or excluded from the plugin in nx.json?]
    `)
  })
})

describe('a directory of two languages', () => {
  const wheel = [
    readerResult('cargo', [readerProject('libs/w', { name: 'w', targets: { test: targetPlan(), lint: targetPlan() } })]),
    readerResult('python', [
      readerProject('libs/w', {
        ecosystem: 'python',
        name: 'w-py',
        dependencies: [edge('libs/w')],
        targets: {
          test: targetPlan({ command: ['pytest'], dependsOn: ['build', '^build'] }),
          build: targetPlan({ command: ['maturin'] }),
        },
      }),
    ]),
  ]

  it('is one project with the targets of both, and one verb for both', () => {
    const [project] = compose({}, wheel).projects
    expect(project?.name).toBe('w')
    expect(Object.keys(project?.targets ?? {}).sort()).toEqual(['build', 'lint', 'test', 'test-python', 'test-rust'])
    expect(project?.targets['test']).toMatchObject({ executor: 'nx:noop', dependsOn: ['test-rust', 'test-python'] })
    expect(project?.targets['test-python']?.dependsOn).toEqual(['build', '^build'])
  })

  it('reads one field per language, and Python both', () => {
    const [project] = compose({}, wheel).projects
    const fields = (target: string): unknown =>
      project?.targets[target]?.inputs?.find((input) => typeof input === 'object' && 'json' in input)
    expect(fields('test-rust')).toEqual({ json: '{workspaceRoot}/closures.json', fields: ['libs/w.cargo'] })
    expect(fields('test-python')).toEqual({ json: '{workspaceRoot}/closures.json', fields: ['libs/w.cargo', 'libs/w.python'] })
  })

  it('depends on the tools of both where Python builds the crate, and not for formatting', () => {
    const [project] = compose({}, wheel).projects
    const tools = (target: string): string[] =>
      (project?.targets[target]?.inputs ?? []).flatMap((input) =>
        typeof input === 'object' && 'runtime' in input ? input.runtime.split(' ').slice(2, 3) : [],
      )
    expect(tools('build').sort()).toEqual(['python', 'rust'])
    expect(tools('test-rust')).toEqual(['rust'])
  })

  // Nx plans a verb by its own inputs: a file that only a part reads must select the verb, or that part never runs.
  describe.each([
    ['fresh', wheel, wheel],
    ['stale in Rust', wheel, [readerResult('cargo', [bumped(wheel[0])]), wheel[1] ?? readerResult('python', [])]],
    ['stale in Python', wheel, [wheel[0] ?? readerResult('cargo', []), readerResult('python', [bumped(wheel[1])])]],
  ])('with closures that are %s', (_, before, after) => {
    const closures = readClosures(renderClosures(closuresOf(before, [])))
    const graph = composeGraph({ results: after, facts: workspaceFacts({ closures }) })

    it.each(['.python-version', 'uv.lock', 'pyproject.toml', 'Cargo.lock', 'Cargo.toml', 'clippy.toml', 'Makefile', 'README.md'])(
      'promise-1: %s selects the verb for both whenever it selects a part',
      (file) => {
        const selected = selectedBy(graph, file)
        const parts = selected.filter((task) => /:test-(?:rust|python)$/.test(task))
        expect(selected.includes('libs/w:test')).toBe(parts.length > 0)
      },
    )
  })

  it('promise-1: the verb is selected by a lock that only one of the languages reads', () => {
    const after = [wheel[0] ?? readerResult('cargo', []), readerResult('python', [bumped(wheel[1])])]
    const closures = readClosures(renderClosures(closuresOf(wheel, [])))
    const graph = composeGraph({ results: after, facts: workspaceFacts({ closures }) })
    expect(selectedBy(graph, 'uv.lock')).toEqual(['libs/w:build', 'libs/w:test', 'libs/w:test-python'])
  })
})

describe('a directory of Rust and npm', () => {
  const script: Target = { executor: 'nx:run-script', options: { script: 'test' }, cache: true, outputs: [] }
  const javascript: readonly JavaScriptProject[] = [
    {
      kind: 'package',
      root: 'node',
      name: 'node',
      manifest: 'node/package.json',
      dependencies: [],
      implicitDependencies: [],
      namesProjects: false,
      targets: { test: script, build: { ...script, options: { script: 'build' } } },
      tags: ['lang:javascript'],
    },
  ]
  const crate = [readerResult('cargo', [readerProject('node', { targets: { test: targetPlan(), lint: targetPlan() } })])]

  it('promise-1: keeps the script and runs the tests of the crate with it', () => {
    const [project] = compose({ javascript }, crate).projects
    expect(Object.keys(project?.targets ?? {}).sort()).toEqual(['build', 'lint', 'test', 'test-rust'])
    expect(project?.targets['test']).toMatchObject({
      executor: 'nx:run-script',
      options: { script: 'test' },
      dependsOn: ['test-rust'],
    })
    expect(project?.targets['test-rust']).toMatchObject({ options: { command: 'cargo test -p a' } })
  })

  it('promise-1: selects the verb for what only one of the two reads', () => {
    const graph = compose({ javascript }, crate)
    expect(selectedBy(graph, 'clippy.toml')).toEqual(['node:lint', 'node:test', 'node:test-rust'])
    expect(selectedBy(graph, '.npmrc')).toEqual(['node:build', 'node:test'])
  })
})
