import { closureKey } from '@interlock/kit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lockedSlice, readerProject, readerResult } from '../testing/readers.ts'
import { closureField, closuresOf, committedDigest, readClosures, renderClosures, staleProjects } from './closures.ts'

const cargo = readerResult('cargo', [
  readerProject('libs/he', { lock: lockedSlice('cargo', ['serde 1.0.219 sha']) }),
  readerProject('apps/proxy', { lock: lockedSlice('cargo', ['axum 0.8.9 sha', 'serde 1.0.219 sha']) }),
  readerProject('libs/he-python', { lock: lockedSlice('cargo', ['pyo3 0.30.1 sha']) }),
])
const python = readerResult('python', [
  readerProject('libs/he-python', { ecosystem: 'python', lock: lockedSlice('python', []) }),
  readerProject('libs/unlocked', { ecosystem: 'python', lock: undefined }),
])
const results = [cargo, python]

describe('closures.json', () => {
  it('has one sorted line per project, and one object where two ecosystems share a directory', () => {
    expect(renderClosures(closuresOf(results, []))).toMatchInlineSnapshot(`
      "{
        "apps/proxy": "ed496dd96e37cd3aeb708cc8a813770d",
        "libs/he": "5dd20aaebe811e2ab3edc0e57e75e2f8",
        "libs/he-python": { "cargo": "f903aeeb6302bf90f6fb5e89c64b352d", "python": "e3b0c44298fc1c149afbf4c8996fb924" }
      }
      "
    `)
  })

  it('is an empty object when no project has a lock', () => {
    expect(renderClosures(closuresOf([], []))).toBe('{}\n')
  })

  it('does not depend on the order in which the readers answer', () => {
    expect(renderClosures(closuresOf([python, { ...cargo, projects: cargo.projects.toReversed() }], []))).toBe(
      renderClosures(closuresOf(results, [])),
    )
  })

  it('reads back as fresh what was rendered, for any root', () => {
    const segment = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !text.includes('/'))
    fc.assert(
      fc.property(fc.uniqueArray(segment, { maxLength: 6 }), (roots) => {
        const any = [
          readerResult(
            'cargo',
            roots.map((root) => readerProject(root)),
          ),
        ]
        expect(staleProjects(any, readClosures(renderClosures(closuresOf(any, []))))).toEqual([])
      }),
    )
  })

  it('never uses a field with a dot that is not the one before the ecosystem', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (root) => {
        expect(closureField({ root, ecosystem: 'cargo', shared: false })).not.toContain('.')
        expect(closureField({ root, ecosystem: 'cargo', shared: true })).toBe(`${closureKey(root)}.cargo`)
      }),
    )
  })

  it('gives the root manifest share of a slice another digest than a package of the same text', () => {
    const asPackage = readerProject('a', { lock: { ...lockedSlice('cargo', ['x']), manifestLines: [] } })
    const asManifest = readerProject('a', { lock: { ...lockedSlice('cargo', []), manifestLines: ['x'] } })
    expect(closuresOf([readerResult('cargo', [asPackage])], [])).not.toEqual(
      closuresOf([readerResult('cargo', [asManifest])], []),
    )
  })
})

describe('a stale project', () => {
  it('is one whose slice moved, and no other', () => {
    const committed = readClosures(renderClosures(closuresOf(results, [])))
    const bumped = readerProject('libs/he', { lock: lockedSlice('cargo', ['serde 1.0.220 sha']) })
    const moved = { ...cargo, projects: cargo.projects.map((project) => (project.root === 'libs/he' ? bumped : project)) }
    expect(staleProjects([moved, python], committed).map(({ key, ecosystem }) => [key, ecosystem])).toEqual([
      ['libs/he', 'cargo'],
    ])
  })

  it('is every project when the file is absent', () => {
    expect(staleProjects(results, readClosures(undefined))).toHaveLength(4)
  })

  it.each([
    ['emptied', ''],
    ['an array', '[]'],
    ['with a conflict marker', '<<<<<<< HEAD\n{}\n'],
    ['with a byte order mark', '\u{feff}{}'],
    ['with a trailing comma', '{"libs/he": "1",}'],
    ['with a comment', '{ /* a */ "libs/he": "1" }'],
    ['with a key twice', '{"libs/he": "1", "libs/he": "2"}'],
    ['truncated', '{"libs/he": "1'],
  ])('is every project when the file is %s', (_, text) => {
    expect(readClosures(text).state).toBe('damaged')
    expect(staleProjects(results, readClosures(text))).toHaveLength(4)
  })

  it.each([
    ['null', '{"libs/he": null}'],
    ['a number', '{"libs/he": 1}'],
    ['an object', '{"libs/he": {"cargo": "1"}}'],
  ])('is one whose line is %s', (_, text) => {
    expect(committedDigest(readClosures(text), { root: 'libs/he', ecosystem: 'cargo', shared: false })).toBeUndefined()
  })
})
