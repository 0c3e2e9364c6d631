import { expect, it } from 'vitest'
import { namesProjects } from './naming-projects.ts'

it.each([
  [{ targets: { test: { inputs: ['default', { input: 'default', projects: ['x'] }] } } }, true],
  [{ nx: { targets: { test: { inputs: [{ input: 'default', projects: 'x' }] } } } }, true],
  [[undefined, { test: { inputs: [{ projects: ['tag:x'], input: 'default' }] } }], true],
  [{ targets: { test: { dependsOn: [{ target: 'build', projects: ['x'] }] } } }, false],
  [{ projects: ['x'], input: undefined }, true],
  [{ workspaces: ['x'], name: 'input' }, false],
  [undefined, false],
  ['projects', false],
])('%j names projects as inputs: %j', (configuration, expected) => {
  expect(namesProjects(configuration)).toBe(expected)
})
