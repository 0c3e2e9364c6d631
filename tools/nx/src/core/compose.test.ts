import type { ReaderResult } from '@interlock/kit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edge, lockedSlice, readerProject, readerResult, targetPlan } from '../testing/readers.ts'
import { selectedBy, workspaceFacts } from '../testing/selection.ts'
import { closuresOf, readClosures, renderClosures } from './closures.ts'
import { composeGraph } from './compose.ts'
import type { ComposedGraph, JavaScriptProject, WorkspaceFacts } from './model.ts'

const lint = targetPlan({ command: ['cargo', 'fmt', '--check'], reads: 'project' })

/** a <- b, a <- d (dev), c alone, in Rust; pa alone and pw -> wheel of a in Python. */
const cargo = readerResult('cargo', [
  readerProject('crates/a', { lock: lockedSlice('cargo', ['itoa 1']), targets: { test: targetPlan(), format: lint } }),
  readerProject('crates/b', { lock: lockedSlice('cargo', ['itoa 1']), dependencies: [edge('crates/a')] }),
  readerProject('crates/c', { lock: lockedSlice('cargo', ['hex 1']) }),
  readerProject('crates/d', {
    lock: lockedSlice('cargo', ['itoa 1', 'base64 1']),
    dependencies: [edge('crates/a', { kind: 'dev' })],
  }),
])
const python = readerResult('python', [
  readerProject('py/pa', { ecosystem: 'python', lock: lockedSlice('python', ['packaging 1']) }),
  readerProject('py/pw', { ecosystem: 'python', lock: lockedSlice('python', ['attrs 1']), dependencies: [edge('crates/a')] }),
])
const results = [cargo, python]

function fresh(of: readonly ReaderResult[]): WorkspaceFacts['closures'] {
  return readClosures(renderClosures(closuresOf(of, ['crates', 'py'])))
}

function compose(given: Partial<WorkspaceFacts> = {}, of: readonly ReaderResult[] = results): ComposedGraph {
  return composeGraph({ results: of, facts: workspaceFacts({ closures: fresh(of), ...given }) })
}

const RUST = ['crates/a:format', 'crates/a:test', 'crates/b:test', 'crates/c:test', 'crates/d:test']
const PYTHON = ['py/pa:test', 'py/pw:test']
const ALL = [...RUST, ...PYTHON]

describe('a changed file', () => {
  it.each([
    ['Makefile', ALL],
    ['scripts/x.sh', ALL],
    ['.env', ALL],
    ['crates/loose.sh', ALL],
    ['interlock.yaml', ALL],
    ['Cargo.lock', []],
    ['uv.lock', []],
    ['Cargo.toml', []],
    ['pyproject.toml', []],
    ['clippy.toml', [...RUST, 'py/pw:test']],
    ['.cargo/config.toml', [...RUST, 'py/pw:test']],
    ['rust-toolchain.toml', [...RUST, 'py/pw:test']],
    ['.python-version', PYTHON],
    ['package.json', []],
    ['README.md', []],
    ['docs/guide.md', []],
    ['.github/workflows/ci.yml', []],
    ['closures.json', []],
    ['crates/a/src/lib.rs', ['crates/a:format', 'crates/a:test', 'crates/b:test', 'crates/d:test', 'py/pw:test']],
    ['crates/b/src/lib.rs', ['crates/b:test']],
    ['crates/c/README.md', ['crates/c:test']],
    ['py/pa/src/x.py', ['py/pa:test']],
  ])('%s selects exactly what may read it', (file, expected) => {
    expect(selectedBy(compose(), file)).toEqual(expected)
  })

  it('selects nothing outside projects where the workspace declares it harmless', () => {
    expect(selectedBy(compose({ irrelevant: ['notes/**'] }), 'notes/todo.txt')).toEqual([])
    expect(selectedBy(compose({ irrelevant: ['notes/**'] }), 'crates/a/notes/todo.txt')).toContain('crates/a:test')
  })

  describe('of a folder that is gone, beside projects,', () => {
    const gone = 'crates/gone/src/lib.rs'
    const projectParents = new Set(['crates', 'py'])

    it('was a project where closures.json and the disk say so: who needs it has it in its slice', () => {
      const graph = compose({ projectParents })
      expect(selectedBy(graph, gone)).toEqual([])
      expect(selectedBy(graph, 'crates/loose.txt')).toEqual(ALL)
      expect(graph.projects[0]?.targets['test']?.inputs).toContainEqual({
        json: '{workspaceRoot}/closures.json',
        fields: ['crates/a', 'crates/~2a', 'py/~2a'],
      })
    })

    it.each([
      ['closures.json does not say so', { projectParents, closures: readClosures(renderClosures(closuresOf(results, ['py']))) }],
      ['something else lies there now', { projectParents: new Set(['py']) }],
    ])('promise-2: may be anything where %s', (_, facts) => {
      expect(selectedBy(compose(facts), gone)).toEqual(ALL)
    })

    it('promise-2: selects whom nothing else would tell that a project is gone', () => {
      const loose = readerProject('crates/loose', { lock: undefined })
      const reading = readerProject('crates/reading', { lock: lockedSlice('cargo', []), outside: ['crates/gone/schema.json'] })
      const globbing = readerProject('crates/globbing', { lock: lockedSlice('cargo', []), outside: ['crates/*/schema.json'] })
      const lagging = readerProject('crates/lagging', { lock: { ...lockedSlice('cargo', []), complete: false } })
      const many = [readerResult('cargo', [...cargo.projects, loose, reading, globbing, lagging])]
      expect(
        selectedBy(compose({ projectParents, namingProjects: new Set(['crates/b']) }, many), 'crates/gone/schema.json'),
      ).toEqual(['crates/b:test', 'crates/globbing:test', 'crates/lagging:test', 'crates/loose:test', 'crates/reading:test'])
      const stale = fresh([
        readerResult('cargo', [...cargo.projects.slice(1), readerProject('crates/a', { lock: lockedSlice('cargo', ['old 1']) })]),
      ])
      expect(selectedBy(compose({ projectParents, closures: stale }), gone)).toEqual([
        'crates/a:format',
        'crates/a:test',
        'py/pa:test',
        'py/pw:test',
      ])
    })
  })

  it('in a project whose directory is no plain text in a glob is never left out', () => {
    const odd = [readerResult('cargo', [readerProject('x/[a]', { name: 'odd' }), readerProject('x/b')])]
    expect(selectedBy(compose({}, odd), 'x/[a]/src/lib.rs')).toEqual(['x/[a]:test', 'x/b:test'])
  })
})

describe('a lock file', () => {
  const moved = readerProject('crates/c', { lock: lockedSlice('cargo', ['hex 2']) })
  const bumped = [
    { ...cargo, projects: cargo.projects.map((project) => (project.root === 'crates/c' ? moved : project)) },
    python,
  ]

  it('selects the projects whose slice moved and no other, before the table is written again', () => {
    expect(selectedBy(compose({ closures: fresh(results) }, bumped), 'Cargo.lock')).toEqual(['crates/c:test'])
    expect(selectedBy(compose({ closures: fresh(results) }, bumped), 'Cargo.toml')).toEqual(['crates/c:test'])
    expect(selectedBy(compose({ closures: fresh(results) }, bumped), 'uv.lock')).toEqual([])
  })

  it('selects by no file once the table is written: its field does', () => {
    const graph = compose({}, bumped)
    expect(selectedBy(graph, 'Cargo.lock')).toEqual([])
    expect(graph.projects.find(({ root }) => root === 'crates/c')?.targets['test']?.inputs).toContainEqual({
      json: '{workspaceRoot}/closures.json',
      fields: ['crates/c'],
    })
  })

  it('selects a Python project whose wheel is built from the crate that is stale', () => {
    const crate = readerProject('crates/a', { lock: lockedSlice('cargo', ['itoa 2']) })
    const stale = [
      { ...cargo, projects: cargo.projects.map((project) => (project.root === 'crates/a' ? crate : project)) },
      python,
    ]
    expect(selectedBy(compose({ closures: fresh(results) }, stale), 'Cargo.lock')).toEqual(['crates/a:test', 'py/pw:test'])
  })

  it.each([
    ['absent', undefined],
    ['damaged', '{"crates/a": "1",}'],
  ])('and the table itself select everything that has a slice while the table is %s', (_, text) => {
    const graph = compose({ closures: readClosures(text) })
    expect(selectedBy(graph, 'Cargo.lock')).toEqual([...RUST, 'py/pw:test'])
    expect(selectedBy(graph, 'uv.lock')).toEqual(PYTHON)
    expect(selectedBy(graph, 'closures.json')).toEqual(ALL)
  })

  it('that no project knows selects every project of its language', () => {
    expect(selectedBy(compose(), 'other/poetry.lock')).toEqual(ALL)
  })

  it('of a project without a slice stays one of its files', () => {
    const own = [readerResult('cargo', [readerProject('solo', { lock: undefined })])]
    expect(selectedBy(compose({}, own), 'solo/Cargo.lock')).toEqual(['solo:test'])
  })

  it('in the directory of a root project is left out of it as long as its slice is fresh', () => {
    const root = [readerResult('cargo', [readerProject('.', { lock: lockedSlice('cargo', ['x 1']) }), readerProject('member')])]
    expect(selectedBy(compose({}, root), 'Cargo.lock')).toEqual([])
    expect(selectedBy(compose({}, root), 'src/main.rs')).toEqual(['.:test'])
    expect(selectedBy(compose({ closures: { state: 'absent' } }, root), 'Cargo.lock')).toEqual(['.:test', 'member:test'])
  })
})

describe('a site', () => {
  it('carries the locks of what it documents', () => {
    const site: JavaScriptProject = {
      kind: 'package',
      root: 'docs',
      name: '@x/docs',
      manifest: 'docs/package.json',
      dependencies: [],
      implicitDependencies: ['p*', '!pa'],
      namesProjects: false,
      targets: { build: { executor: 'nx:run-commands' } },
      tags: ['lang:docs'],
    }
    const graph = compose({ javascript: [site] })
    const docs = graph.projects.find(({ root }) => root === 'docs')
    expect(docs?.targets['build']?.inputs).toContainEqual({
      json: '{workspaceRoot}/closures.json',
      fields: ['crates/a', 'py/pw'],
    })
    expect(graph.edges.filter(({ source }) => source === 'docs')).toEqual([])
    expect(selectedBy(graph, 'notes/x.md')).toEqual(['docs:build'])
  })
})

describe('every target', () => {
  const targets = compose().projects.flatMap((project) => Object.values(project.targets).map((target) => ({ project, target })))

  it('knows nx, its toolchain and its slice', () => {
    for (const { project, target } of targets) {
      const text = JSON.stringify(target.inputs)
      expect(text).toContain('{"externalDependencies":["nx"]}')
      expect(text).toContain(`identity.mjs ${project.root.startsWith('py') ? 'python' : 'rust'} ~2e`)
      expect(text).toContain(`"fields":[`)
    }
  })

  it('has no negation outside the one named input', () => {
    for (const { target } of targets) {
      for (const input of target.inputs ?? []) expect(JSON.stringify(input)).not.toContain('!')
    }
  })

  it('leaves out exactly these files', () => {
    expect(compose().projects.find(({ root }) => root === 'crates/a')?.namedInputs).toMatchInlineSnapshot(`
      {
        "workspace-rust": [
          "{workspaceRoot}/**/*",
          "!{workspaceRoot}/**/*.md",
          "!{workspaceRoot}/**/bun.lock",
          "!{workspaceRoot}/**/package-lock.json",
          "!{workspaceRoot}/**/package.json",
          "!{workspaceRoot}/**/pnpm-lock.yaml",
          "!{workspaceRoot}/**/pnpm-workspace.yaml",
          "!{workspaceRoot}/**/pyproject.toml",
          "!{workspaceRoot}/**/tsconfig*.json",
          "!{workspaceRoot}/**/uv.lock",
          "!{workspaceRoot}/**/yarn.lock",
          "!{workspaceRoot}/.github/**/*",
          "!{workspaceRoot}/.idea/**/*",
          "!{workspaceRoot}/.npmrc",
          "!{workspaceRoot}/.oxfmtrc.json",
          "!{workspaceRoot}/.oxlintrc.json",
          "!{workspaceRoot}/.python-version",
          "!{workspaceRoot}/.vscode/**/*",
          "!{workspaceRoot}/Cargo.lock",
          "!{workspaceRoot}/Cargo.toml",
          "!{workspaceRoot}/closures.json",
          "!{workspaceRoot}/crates/a/**/*",
          "!{workspaceRoot}/crates/b/**/*",
          "!{workspaceRoot}/crates/c/**/*",
          "!{workspaceRoot}/crates/d/**/*",
          "!{workspaceRoot}/py/pa/**/*",
          "!{workspaceRoot}/py/pw/**/*",
          "!{workspaceRoot}/pyproject.toml",
          "!{workspaceRoot}/uv.lock",
          "!{workspaceRoot}/vitest.*.ts",
        ],
      }
    `)
  })

  it('has no other command in a shell than safe words', () => {
    const commands = [
      ['cargo', 'test', '-p', 'a'],
      ['cargo', 'test', '$(id)'],
      ['pytest', 'a b'],
      ['echo', "it's"],
      ['x', ''],
    ]
    const graph = compose({}, [
      readerResult('cargo', [
        readerProject('a', {
          targets: Object.fromEntries(commands.map((command, index) => [`t${index}`, targetPlan({ command })])),
        }),
      ]),
    ])
    const executors = Object.values(graph.projects[0]?.targets ?? {}).map((target) => target.executor)
    expect(executors).toEqual(['nx:run-commands', ...Array.from({ length: 4 }, () => '@interlock/nx:exec')])
  })
})

it('a declaration that hides what the graph stands on is refused', () => {
  for (const glob of ['**', '*.json', 'Cargo.*', 'uv.lock', 'crates/**', 'interlock.yaml']) {
    expect(() => compose({ irrelevant: [glob] })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  }
})

it('the plugin is an input of every target where this workspace is its home, without its tests', () => {
  const script = (name: string, dependencies: readonly string[] = []): JavaScriptProject => ({
    kind: 'package',
    root: `tools/${name}`,
    name: `@interlock/${name}`,
    manifest: `tools/${name}/package.json`,
    dependencies,
    implicitDependencies: [],
    namesProjects: false,
    targets: {},
    tags: [],
  })
  const graph = compose({ javascript: [script('nx', ['@interlock/kit']), script('kit'), script('other', ['@interlock/kit'])] })
  for (const project of graph.projects) {
    for (const target of Object.values(project.targets)) {
      expect(target.inputs).toContainEqual({ input: 'plugin', projects: ['@interlock/kit', '@interlock/nx'] })
    }
  }
  expect(graph.projects.filter(({ namedInputs }) => 'plugin' in namedInputs).map(({ root }) => root)).toEqual([
    'tools/kit',
    'tools/nx',
  ])
})

it('the graph does not depend on the order of the readers or their projects', () => {
  const projects = fc.shuffledSubarray([...cargo.projects], { minLength: cargo.projects.length })
  fc.assert(
    fc.property(projects, (shuffled) => {
      expect(compose({}, [python, { ...cargo, projects: shuffled }])).toEqual(compose())
    }),
    { numRuns: 20 },
  )
})
