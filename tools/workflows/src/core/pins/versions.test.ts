import { describe, expect, it } from 'vitest'
import { tagsOf } from './remote-tags.ts'
import { ageOf, candidatesOf } from './update.ts'
import { compareVersions, type Version, versionOf } from './versions.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)

function version(tag: string): Version {
  const found = versionOf(tag)
  if (found === undefined) throw new Error(tag)
  return found
}

describe('a version', () => {
  it('is three numbers, and nothing else that a tag can be called', () => {
    const others = [
      'v1',
      'v1.2',
      'v1.2.3-rc.1',
      'v1.2.3+x',
      'v01.2.3',
      'v1.2.3.4',
      'V1.2.3',
      'v1.2.3$(id)',
      'v1.2.3\n',
      'x1.2.3',
      'v１.2.3',
    ]
    expect([...others, `v1.2.${'9'.repeat(30)}`].filter((tag) => versionOf(tag) !== undefined)).toEqual([])
  })

  it('is ordered by its numbers', () => {
    const tags = ['v10.0.0', 'v1.10.0', 'v1.9.10', 'v1.9.9', 'v2.0.0']
    expect(
      tags
        .map(version)
        .sort(compareVersions)
        .map(({ tag }) => tag),
    ).toEqual(['v1.9.9', 'v1.9.10', 'v1.10.0', 'v2.0.0', 'v10.0.0'])
  })
})

describe('what a repository offers', () => {
  it('is read with the commit behind a tag that is an object of its own', () => {
    expect(tagsOf(`${A}\trefs/tags/v1.0.0\n${B}\trefs/tags/v1.0.0^{}\n${A}\trefs/tags/v1.0.1\n`)).toEqual(
      new Map([
        ['v1.0.0', B],
        ['v1.0.1', A],
      ]),
    )
  })

  it('takes no other line for a tag', () => {
    expect(tagsOf(`${A}\trefs/heads/v1.0.0\nwarning: x\n${A} refs/tags/v1.0.0\n${A.slice(1)}\trefs/tags/v1.0.0\n`).size).toBe(0)
  })

  it('is what is newer, the newest first, with new major versions apart', () => {
    const tags = new Map(
      ['v1.2.3', 'v1.2.2', 'v1.3.0', 'v1.10.0', 'v2.0.0-rc.1', 'v2.0.0', 'v3.1.0', '1.9.9', 'nightly'].map((tag) => [tag, A]),
    )
    const { sameMajor, newMajor } = candidatesOf(version('v1.2.3'), tags)
    expect(sameMajor.map(({ version: { tag } }) => tag)).toEqual(['v1.10.0', 'v1.3.0'])
    expect(newMajor.map(({ version: { tag } }) => tag)).toEqual(['v3.1.0', 'v2.0.0'])
  })
})

it('a version waits for a week, and one from the future is none', () => {
  const day = 24 * 60 * 60 * 1000
  const now = 20_000 * day
  expect(ageOf(now - 7 * day, now)).toEqual({ kind: 'old-enough' })
  expect(ageOf(now - 7 * day + 1000, now)).toEqual({ kind: 'too-young', days: 6 })
  // A clock that is an hour off says nothing.
  expect(ageOf(now + day / 24, now)).toEqual({ kind: 'too-young', days: 0 })
  expect(ageOf(now + 2 * day, now)).toEqual({ kind: 'in-future' })
  expect(ageOf(Number.NaN, now)).toEqual({ kind: 'in-future' })
})
