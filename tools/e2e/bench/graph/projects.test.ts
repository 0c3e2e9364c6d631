import { expect, test } from 'vitest'
import { cleanEnvironment } from './environment.ts'
import { lockPolyglot, membersIn } from './locks.ts'
import { editedProject, projectsOf } from './projects.ts'
import { ninjaFiles } from './task-files.ts'

const REPOSITORY = new URL('../../../../', import.meta.url).pathname

test('a third of the projects has each language, in eight layers that depend on the one below', () => {
  const projects = projectsOf(1000)
  const count = (language: string): number => projects.filter((project) => project.language === language).length
  expect([count('rust'), count('python'), count('typescript')]).toEqual([334, 333, 333])
  expect(new Set(projects.map(({ layer }) => layer)).size).toBe(8)
  const layers = new Map(projects.map(({ name, layer }) => [name, layer]))
  for (const { layer, needs } of projects) for (const other of needs) expect(layers.get(other)).toBe(layer - 1)
  expect(editedProject(projects).layer).toBeGreaterThan(0)
})

test('cargo and uv accept the workspace, lock it, and say who reaches the package that moves', async () => {
  const projects = projectsOf(9)
  const { files, bumped, reached } = await lockPolyglot(projects, cleanEnvironment(REPOSITORY))
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(['Cargo.lock', 'uv.lock', 'package-lock.json', 'crates/r2/Cargo.toml']),
  )
  expect(bumped['Cargo.lock']).not.toBe(files['Cargo.lock'])
  expect(bumped['uv.lock']).not.toBe(files['uv.lock'])
  expect(reached).toEqual({ 'Cargo.lock': ['r1', 'r2'], 'uv.lock': ['p1', 'p2'] })
})

test('a package counts once, however often a tree repeats it', () => {
  expect(membersIn('idna v3.8\n└── p1 v0.1.0\n    ├── p3 v0.1.0\n    └── p3 v0.1.0 (*)\n', 'p')).toEqual(['p1', 'p3'])
  expect(membersIn('either v1.13.0\nr1 v0.1.0 (/w/crates/r1)\nr10 v0.1.0 (/w/crates/r10)\n', 'r')).toEqual(['r1', 'r10'])
})

test('ninja knows the files, the lock and the stamps that a project needs', () => {
  const [bottom, top] = projectsOf(9)
  const files = ninjaFiles([bottom!, top!], { 'crates/r1/Cargo.toml': '', 'crates/r10/Cargo.toml': '' })
  expect(files['build.ninja']).toContain('build stamps/r1: verify crates/r1/Cargo.toml Cargo.toml Cargo.lock stamps/r0\n')
})
