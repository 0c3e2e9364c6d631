import { describe, expect, it } from 'vitest'
import { CAPTURED, outputsWith } from '../../testing/update.ts'
import { readMetadata, type UpdatedDependency } from './metadata.ts'
import { longest, stepOf } from './versions.ts'

describe('the outputs of dependabot/fetch-metadata', () => {
  it('name every dependency', () => {
    const metadata = readMetadata(CAPTURED)
    expect(metadata.known && metadata.dependencies).toEqual([
      {
        name: 'serde',
        updateType: 'version-update:semver-patch',
        from: '1.0.218',
        to: '1.0.219',
        ecosystem: 'cargo',
        group: 'cargo-patch',
        targetBranch: 'main',
        advisory: '',
        newMaintainers: false,
      },
      expect.objectContaining({ name: 'tokio', from: '1.44.0', to: '1.44.2' }),
    ])
  })

  it.each([
    [undefined, 'there are none'],
    [' ', 'there are none'],
    ['{}', 'they have no "updated-dependencies-json"'],
    ['null', 'they have no "updated-dependencies-json"'],
    ['{', 'they have no "updated-dependencies-json"'],
    ['{"updated-dependencies-json":"["}', '"updated-dependencies-json" is no list'],
    ['{"updated-dependencies-json":"[]"}', '"updated-dependencies-json" is not usable at 0'],
    [outputsWith({}, { dependencyName: 7 }), '"updated-dependencies-json" is not usable at 1.dependencyName'],
    [outputsWith({ maintainerChanges: undefined }), '"updated-dependencies-json" is not usable at 0.maintainerChanges'],
    [outputsWith({ ghsaId: 4 }), '"updated-dependencies-json" is not usable at 0.ghsaId'],
  ])('promise-1: that are %j are not known', (text, why) => {
    expect(readMetadata(text)).toEqual({
      known: false,
      reason: `the outputs of dependabot/fetch-metadata do not say what is updated: ${why}`,
    })
  })
})

describe('a step', () => {
  const step = (from: string, to: string, updateType = 'version-update:semver-patch'): string =>
    stepOf({ from, to, updateType } as UpdatedDependency)

  it.each([
    ['1.2.3', '1.2.4'],
    ['v1.2.3', 'v1.2.10'],
    ['1.2', '1.2.1'],
    ['0.4.1', '0.4.2'],
    ['3.12.1-slim', '3.12.2-slim'],
    ['', ''],
  ])('from %j to %j is a patch, if Dependabot says so', (from, to) => {
    expect(step(from, to)).toBe('patch')
    expect(step(from, to, 'version-update:semver-major')).toBe('major')
    expect(step(from, to, '')).toBe('unknown')
  })

  it.each([
    ['1.2.3', '1.3.0'],
    ['1.2.3', '2.2.3'],
    ['0.0.1', '0.0.2'],
    ['1.2.4', '1.2.3'],
    ['1.2.3', ''],
    ['', '1.2.3'],
    ['abc', 'def'],
    ['1', '2'],
    ['>=1,<2', '>=1,<3'],
  ])('promise-1: from %j to %j is no patch, whatever Dependabot says', (from, to) => expect(step(from, to)).toBe('unknown'))

  it('of many is the longest', () => {
    expect(longest(['patch', 'minor', 'patch'])).toBe('minor')
    expect(longest(['minor', 'unknown'])).toBe('unknown')
    expect(longest(['unknown', 'major'])).toBe('major')
    expect(longest([])).toBe('unknown')
  })
})
