import { expect, it } from 'vitest'
import { readerProject } from '../testing/readers.ts'
import { projectNames } from './names.ts'

function python(root: string, name: string): ReturnType<typeof readerProject> {
  return readerProject(root, { ecosystem: 'python', name })
}

it('a project has the name of its manifest', () => {
  expect([...projectNames([readerProject('libs/he'), python('py/x', 'x-client')], [])]).toEqual([
    ['libs/he', 'he'],
    ['py/x', 'x-client'],
  ])
})

it('a name that two languages claim gets the suffix of each', () => {
  expect([...projectNames([readerProject('rs/he'), python('py/he', 'he')], []).values()]).toEqual(['he-rust', 'he-python'])
})

it('a suffix that would make a third project’s name is a longer one', () => {
  const projects = [readerProject('rs/x'), readerProject('rs/x-python', { name: 'x-python' }), python('py/x', 'x')]
  expect(Object.fromEntries(projectNames(projects, []))).toEqual({
    'py/x': 'x-python-package',
    'rs/x': 'x-rust',
    'rs/x-python': 'x-python',
  })
})

it('a name that a package.json fixes stays, and the other gives way', () => {
  const names = projectNames([readerProject('rs/he')], [{ root: 'js/he', name: 'he', manifest: 'js/he/package.json' }])
  expect(Object.fromEntries(names)).toEqual({ 'js/he': 'he', 'rs/he': 'he-rust' })
})

it('a directory of two languages has the name of its Cargo package', () => {
  expect([...projectNames([python('w', 'wheel'), readerProject('w', { name: 'crate' })], [])]).toEqual([['w', 'crate']])
})

it('a project.json may name a project, and one without a name does not', () => {
  const fixed = [
    { root: 'libs/a', name: 'better', manifest: 'libs/a/project.json' },
    { root: 'libs/b', name: undefined, manifest: 'libs/b/project.json' },
    { root: 'infra/Scripts', name: undefined, manifest: 'infra/Scripts/project.json' },
  ]
  expect(Object.fromEntries(projectNames([readerProject('libs/a'), readerProject('libs/b')], fixed))).toEqual({
    'libs/a': 'better',
    'libs/b': 'b',
    'infra/Scripts': 'scripts',
  })
})

it('Python projects of one name each add their directory, but for the one at the root', () => {
  expect(
    Object.fromEntries(projectNames([python('.', 'x'), python('a/b c', 'x'), python('d', 'x'), python('e', 'y')], [])),
  ).toEqual({
    '.': 'x',
    'a/b c': 'x-a-b-c',
    d: 'x-d',
    e: 'y',
  })
})

it('names that remain the same are an error', () => {
  expect(() => projectNames([python('a/b', 'x'), python('a-b', 'x')], [])).toThrowErrorMatchingInlineSnapshot(`
    [InterlockError: GRAPH_NAME_DUPLICATE: a-b/pyproject.toml: x-a-b-python is also the name of a/b/pyproject.toml

    hint: rename one of them, give one a name in a project.json, or leave its directory out by "exclude" of @interlock/nx/plugin in nx.json]
  `)
})

it('two crates of one workspace cannot share a name', () => {
  expect(() => projectNames([readerProject('a/x'), readerProject('b/x')], [])).toThrowErrorMatchingInlineSnapshot(`
    [InterlockError: GRAPH_NAME_DUPLICATE: a/x/Cargo.toml: x-rust is also the name of b/x/Cargo.toml

    hint: rename one of them, give one a name in a project.json, or leave its directory out by "exclude" of @interlock/nx/plugin in nx.json]
  `)
})

it.each(['a b', '$(id)', '-x', 'a:b', 'é', "it's", ''])('%j cannot be a name', (name) => {
  expect(() => projectNames([readerProject('a', { name })], [])).toThrow(expect.objectContaining({ code: 'GRAPH_NAME_UNSAFE' }))
})
