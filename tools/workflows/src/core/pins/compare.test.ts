import { describe, expect, it } from 'vitest'
import type { Pin, Sha, Version } from '../model/pin.ts'
import { actionMetadata } from './action-metadata.ts'
import { differences, replacementProblems } from './compare.ts'

const PIN: Pin = {
  repository: 'acme/tool',
  version: 'v1.2.3' as Version,
  sha: 'a'.repeat(40) as Sha,
  runtime: 'node24',
  nested: [],
  inputs: { required: ['key'], optional: ['path'] },
  reviewed: 'today',
}
const ACTION = `
inputs:
  key: { required: true }
  path: { required: true, default: . }
runs: { using: node24, main: x.js }
`

/** Ten lists, each of ten of the one before. */
const BOMB = `${Array.from(
  { length: 10 },
  (_, at) =>
    `a${at}: &a${at} [${
      at === 0
        ? 'x'
        : Array(10)
            .fill(`*a${at - 1}`)
            .join(', ')
    }]\n`,
).join('')}runs: { using: node24 }`

describe('action.yml', () => {
  it('says how an action runs and which inputs it needs; one with a default is not needed', () => {
    expect(actionMetadata(ACTION)).toEqual({ runtime: 'node24', nested: [], inputs: { required: ['key'], optional: ['path'] } })
    expect(differences(PIN, actionMetadata(ACTION))).toEqual([])
  })

  it('says what a composite action uses; a folder of whoever calls it is none of its own', () => {
    const text = 'runs:\n  using: composite\n  steps:\n    - uses: $/sub\n    - uses: ./sub\n    - uses: a/b@v1\n    - run: id\n'
    expect(actionMetadata(text)).toMatchObject({ runtime: 'composite', nested: ['./sub', 'a/b@v1'] })
  })

  it('may be a workflow, which uses what its jobs use', () => {
    const text =
      'on: workflow_call\njobs:\n  a: { uses: ./.github/workflows/b.yml }\n  c: { steps: [{ uses: a/b@v1 }, { uses: ./x }] }\n'
    expect(actionMetadata(text)).toMatchObject({ runtime: 'workflow', nested: ['a/b@v1', './x'] })
  })

  it.each([
    [''],
    ['runs: 1'],
    ['runs: {}'],
    ['a: ['],
    ['- x'],
    ['runs: { using: [node24] }'],
    ['runs: { using: composite, steps: [{ uses: [a/b@v1] }] }'],
    [BOMB],
  ])('%j is none', (text) => {
    expect(actionMetadata(text)).toBeUndefined()
  })
})

it('every difference from the catalogue is said', () => {
  const found = actionMetadata('inputs: { path: , depth: { required: "true" } }\nruns: { using: docker, image: Dockerfile }')
  expect(differences(PIN, found)).toEqual([
    'acme/tool runs on "docker", and not on node24 or composite',
    'acme/tool v1.2.3 runs on docker, and the catalogue says node24',
    'acme/tool v1.2.3 requires the inputs depth, and the catalogue says key',
  ])
  expect(differences(PIN, undefined)).toEqual(['acme/tool has no action.yml that can be read at v1.2.3'])
  expect(replacementProblems(PIN, found, 'v1.3.0')).toEqual([
    'acme/tool runs on "docker", and not on node24 or composite',
    'acme/tool no longer has the inputs key',
    'acme/tool now requires the inputs depth',
  ])
})
