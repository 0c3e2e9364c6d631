import type { ReaderResult } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { edge, readerProject, readerResult, targetPlan } from '../testing/readers.ts'
import { selectedBy, workspaceFacts } from '../testing/selection.ts'
import { closuresOf, readClosures, renderClosures } from './closures.ts'
import { composeGraph } from './compose.ts'
import type { ComposedGraph, WorkspaceFacts } from './model.ts'

function compose(given: Partial<WorkspaceFacts>, of: readonly ReaderResult[]): ComposedGraph {
  const closures = readClosures(renderClosures(closuresOf(of)))
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

  it('carries the inputs of both on the verb for both', () => {
    const [project] = compose({}, wheel).projects
    for (const part of ['test-rust', 'test-python']) {
      for (const input of project?.targets[part]?.inputs ?? []) expect(project?.targets['test']?.inputs).toContainEqual(input)
    }
  })
})
