import { expect, test } from 'vitest'
import { lockedSlice, readerProject, readerResult } from '../testing/readers.ts'
import { diffLocks, diffOfProject, renderLockDiff } from './lock-diff.ts'

function crates(slices: Readonly<Record<string, readonly string[]>>, manifest: readonly string[] = []) {
  const projects = Object.entries(slices).map(([root, packages]) =>
    readerProject(root, { lock: { ...lockedSlice('cargo', packages), manifestLines: manifest } }),
  )
  return [readerResult('cargo', projects)]
}

test('a bump is one line with the projects that can reach it', () => {
  const before = crates({
    'libs/he': ['serde 1.0.1 registry aa'],
    'apps/proxy': ['serde 1.0.1 registry aa', 'hex 0.4.0 registry cc'],
  })
  const after = crates({
    'libs/he': ['serde 1.0.2 registry bb'],
    'apps/proxy': ['serde 1.0.2 registry bb', 'hex 0.4.0 registry cc'],
  })
  expect(renderLockDiff(diffLocks(before, after))).toMatchInlineSnapshot(`
    "Cargo.lock
      serde 1.0.1 → 1.0.2
          for he, proxy"
  `)
})

test('added, removed and re-published packages, manifest lines and projects have their own words', () => {
  const before = crates({ a: ['gone 1.0.0 x', 'same 2.0.0 x'], old: [] }, ['profile.release.lto = true'])
  const after = crates({ a: ['come 0.1.0 x', 'same 2.0.0 y'], fresh: ['one 1.0.0 x'] }, ['profile.release.lto = false'])
  expect(renderLockDiff(diffLocks(before, after))).toMatchInlineSnapshot(`
    "Cargo.lock
      added come 0.1.0
          for a
      removed gone 1.0.0
          for a
      same 2.0.0: same version, other content (checksum, source or features)
          for a

    Cargo.toml
      + profile.release.lto = false
          for a
      - profile.release.lto = true
          for a

    new projects: fresh

    removed projects: old"
  `)
})

test('one of two versions of a package is told apart from the other', () => {
  const before = crates({ a: ['syn 1.0.0 x', 'syn 2.0.0 x'] })
  const after = crates({ a: ['syn 1.0.0 x', 'syn 2.0.1 x'] })
  expect(diffLocks(before, after).packages).toEqual([
    { lock: 'Cargo.lock', name: 'syn', kind: 'changed', before: ['2.0.0'], after: ['2.0.1'], projects: ['a'], roots: ['a'] },
  ])
})

test('equal slices say that nothing moved', () => {
  const state = crates({ a: ['syn 1.0.0 x'] })
  expect(renderLockDiff(diffLocks(state, state))).toBe('no package and no shared part of a root manifest moved')
})

test('a project of two ecosystems has one diff for each, and a lock that goes is a removal', () => {
  const python = (packages: readonly string[] | undefined) =>
    readerResult('python', [
      readerProject('libs/x', {
        ecosystem: 'python',
        lock: packages === undefined ? undefined : lockedSlice('python', packages),
      }),
    ])
  const diff = diffLocks(
    [...crates({ 'libs/x': ['a 1 x'] }), python(['httpx 0.1 x'])],
    [...crates({ 'libs/x': ['a 1 x'] }), python(undefined)],
  )
  expect(diff.packages).toMatchObject([{ lock: 'uv.lock', name: 'httpx', kind: 'removed' }])
  expect(diffOfProject(diff, 'libs/x').packages).toHaveLength(1)
  expect(diffOfProject(diff, 'libs/y').packages).toEqual([])
})
