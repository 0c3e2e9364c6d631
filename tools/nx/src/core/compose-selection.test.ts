import { describe, expect, it } from 'vitest'
import { ALL, cargo, compose, fresh, python, PYTHON, results, RUST } from '../testing/composed.ts'
import { lockedSlice, readerProject, readerResult } from '../testing/readers.ts'
import { selectedBy } from '../testing/selection.ts'
import { closuresOf, readClosures, renderClosures } from './closures.ts'

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
