import { expect, it } from 'vitest'
import { isAction, usesOf, versionOf } from './uses.ts'

it.each([
  ['actions/checkout@v7', { kind: 'repository', repository: 'actions/checkout', path: '', ref: 'v7' }],
  ['a/b/c/d.yml@main', { kind: 'repository', repository: 'a/b', path: 'c/d.yml', ref: 'main' }],
  ['a/b@feature/x@2', { kind: 'repository', repository: 'a/b', path: '', ref: 'feature/x@2' }],
  ['a/b@x\n::y', { kind: 'repository', repository: 'a/b', path: '', ref: 'x\n::y' }],
  ['${{ a }}/b@x', { kind: 'repository', repository: '${{ a }}/b', path: '', ref: 'x' }],
  ['$/.github/actions/setup', { kind: 'local', path: '$/.github/actions/setup' }],
  ['../elsewhere', { kind: 'local', path: '../elsewhere' }],
  ['docker://alpine:3', { kind: 'docker', image: 'alpine:3' }],
  ['actions/checkout', { kind: 'unknown' }],
  ['', { kind: 'unknown' }],
])('%j is %j', (text, uses) => {
  expect(usesOf(text)).toEqual(uses)
})

it('knows an action in upper and lower case', () => {
  expect(isAction(usesOf('Actions/Checkout@v7'), 'actions/checkout')).toBe(true)
  expect(isAction(usesOf('other/checkout@v7'), 'actions/checkout')).toBe(false)
})

it.each([
  ['v4.1.2', [4, 1, 2]],
  ['tag=v7', [7]],
  ['1.93', [1, 93]],
  ['main', undefined],
  ['release-please', undefined],
])('the version of %s is %j', (text, version) => {
  expect(versionOf(text)).toEqual(version)
})
