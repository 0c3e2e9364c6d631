import { expect, test } from 'vitest'
import { affectedTasks, causesOf, dependencyPath, type GraphView, ownerOfFile, renderCauses } from './why.ts'

const graph: GraphView = {
  nodes: {
    he: { name: 'he', data: { root: 'libs/he' } },
    'he-python': { name: 'he-python', data: { root: 'libs/he-python' } },
    client: { name: 'client', data: { root: 'libs/client' } },
    proxy: { name: 'proxy', data: { root: 'apps/proxy' } },
    'odd:name': { name: 'odd:name', data: { root: 'libs/odd' } },
  },
  dependencies: {
    client: [{ target: 'he-python' }, { target: 'npm:x' }],
    'he-python': [{ target: 'he' }],
    proxy: [{ target: 'he' }],
    he: [],
  },
}

test('a changed file is named with the input that it matches and the way to it', () => {
  const explanation = {
    affected: { 'client:test': [{ kind: 'input-file', file: 'libs/he/src/lib.rs', pattern: '{projectRoot}/**/*' }] },
  }
  expect(renderCauses(causesOf('client', explanation, graph))).toBe(
    'client:test is affected:\n  libs/he/src/lib.rs → input {projectRoot}/**/* → client → he-python → he',
  )
})

test('a file of no project and one of the project itself have no path', () => {
  const explanation = {
    affected: {
      'he:test': [
        { kind: 'input-file', file: 'Makefile', pattern: '{workspaceRoot}/**/*' },
        { kind: 'input-file', file: 'libs/he/Cargo.toml' },
      ],
    },
  }
  const causes = causesOf('he', explanation, graph)
  expect(causes.map((cause) => [cause.file, cause.path])).toEqual([
    ['Makefile', ['he']],
    ['libs/he/Cargo.toml', ['he']],
  ])
})

test('a change that arrives through the outputs of other tasks is followed to its file', () => {
  const explanation = {
    affected: { 'client:test': [{ kind: 'dependent-output', producer: 'he-python:build' }] },
    upstream: {
      'he-python:build': [
        { kind: 'input-file', file: 'libs/he/src/lib.rs' },
        { kind: 'dependent-output', producer: 'client:test' },
      ],
    },
  }
  expect(renderCauses(causesOf('client', explanation, graph))).toContain('(through the outputs of he-python:build)')
})

test('reasons without a file are said in words', () => {
  const kinds = [
    'npm-package',
    'moved-ecosystem',
    'lockfile',
    'external-dependencies',
    'custom-hasher',
    'project-configuration',
    'deleted-project-configuration',
    'something-new',
  ]
  const explanation = { affected: { 'he:test': kinds.map((kind) => ({ kind, package: 'vite', ecosystem: 'npm' })) } }
  expect(renderCauses(causesOf('he', explanation, graph))).toMatchInlineSnapshot(`
    "he:test is affected:
      a project was deleted, which runs everything
      every external package
      every npm package (the change cannot be narrowed)
      its executor decides for itself and is always selected
      npm package vite
      something-new
      the lock file of npm
      the project's configuration"
  `)
})

test('a selected task without a reason is still listed', () => {
  expect(renderCauses(causesOf('he', { affected: { 'he:lint': [] } }, graph))).toContain('names no reason')
})

test('tasks of other projects are not taken for its own, whatever colons a name has', () => {
  const explanation = { affected: { 'odd:name:test': [], 'he:test': [], 'he-python:test': [] } }
  expect(affectedTasks('odd:name', explanation, graph)).toEqual(['odd:name:test'])
  expect(affectedTasks('he', explanation, graph)).toEqual(['he:test'])
})

test('the shortest way is found, and none where there is none', () => {
  expect(dependencyPath(graph, 'client', 'he')).toEqual(['client', 'he-python', 'he'])
  expect(dependencyPath(graph, 'he', 'client')).toBeUndefined()
  expect(dependencyPath(graph, 'he', 'he')).toEqual(['he'])
})

test('a file belongs to the deepest project', () => {
  const nested: GraphView = { nodes: { root: { name: 'root', data: { root: '.' } }, ...graph.nodes }, dependencies: {} }
  expect(ownerOfFile(nested, 'libs/he/src/lib.rs')).toBe('he')
  expect(ownerOfFile(nested, 'libs/hello')).toBe('root')
  expect(ownerOfFile(graph, 'Makefile')).toBeUndefined()
})
