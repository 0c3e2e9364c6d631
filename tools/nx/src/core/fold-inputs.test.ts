import { describe, expect, it } from 'vitest'
import { EVERY_TARGET, foldInputs } from './fold-inputs.ts'
import type { ComposedProject, Input, Target } from './model.ts'

const RUNTIME = { runtime: 'node identity.mjs rust' }
const CLOSURE = { json: '{workspaceRoot}/closures.json', fields: ['a'] }

describe('foldInputs', () => {
  it('says once what every target reads, and leaves to each target what it alone reads', () => {
    const project = foldInputs(
      projectOf({
        format: ['default', 'workspace-rust', CLOSURE, RUNTIME],
        test: ['default', '^default', 'workspace-rust', CLOSURE, { env: 'RUST_LOG' }, RUNTIME],
      }),
    )

    expect(project.namedInputs).toEqual({
      'workspace-rust': ['{workspaceRoot}/**/*'],
      [EVERY_TARGET]: ['default', 'workspace-rust', CLOSURE, RUNTIME],
    })
    expect(inputsOf(project)).toEqual({
      format: [EVERY_TARGET],
      test: [EVERY_TARGET, '^default', { env: 'RUST_LOG' }],
    })
  })

  it('takes nothing in that one target does not read', () => {
    const project = projectOf({
      'test-rust': ['default', 'workspace-rust', RUNTIME],
      'test-python': ['default', 'workspace-python', RUNTIME],
    })

    expect(foldInputs(project).namedInputs[EVERY_TARGET]).toEqual(['default', RUNTIME])
  })

  it.each([
    ['^default'],
    [{ input: 'plugin', projects: ['b'] }],
    [{ dependentTasksOutputFiles: '**/*.d.ts', transitive: true }],
  ] satisfies [Input][])('leaves %j in the targets, from which alone Nx takes it', (input) => {
    const project = foldInputs(projectOf({ lint: [input, 'default', RUNTIME], test: [input, 'default', RUNTIME] }))

    expect(project.namedInputs[EVERY_TARGET]).toEqual(['default', RUNTIME])
    expect(inputsOf(project)).toEqual({ lint: [EVERY_TARGET, input], test: [EVERY_TARGET, input] })
  })

  it.each([
    ['one target', { test: ['default', RUNTIME] }],
    ['no target', {}],
    ['one input in common', { lint: ['default', CLOSURE], test: ['default', RUNTIME] }],
    ['a target without inputs', { lint: [], test: ['default', RUNTIME] }],
  ] satisfies [string, Record<string, readonly Input[]>][])('leaves a project with %s as it is', (_, targets) => {
    const project = projectOf(targets)

    expect(foldInputs(project)).toBe(project)
  })
})

function projectOf(targets: Readonly<Record<string, readonly Input[]>>): ComposedProject {
  return {
    root: 'a',
    name: 'a',
    manifest: 'a/Cargo.toml',
    projectType: 'library',
    tags: [],
    namedInputs: { 'workspace-rust': ['{workspaceRoot}/**/*'] },
    targets: Object.fromEntries(
      Object.entries(targets).map(([name, inputs]): [string, Target] => [name, { executor: 'nx:noop', inputs }]),
    ),
  }
}

function inputsOf({ targets }: ComposedProject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(targets).map(([name, { inputs }]) => [name, inputs]))
}
