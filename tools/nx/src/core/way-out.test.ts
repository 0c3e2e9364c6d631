import { InterlockError } from '@interlock/kit'
import { expect, it } from 'vitest'
import { withWayOut } from './way-out.ts'

it('tells of .nxignore where a manifest below the root cannot be read, and keeps everything else', () => {
  const cause = new Error('why')
  const error = new InterlockError('GRAPH_NAME_UNSAFE', 'no name', { file: 'a/pyproject.toml:2:8', hint: 'use letters', cause })
  expect(withWayOut(error)).toMatchObject({
    code: 'GRAPH_NAME_UNSAFE',
    message:
      'GRAPH_NAME_UNSAFE: a/pyproject.toml:2:8: no name\n\n' +
      'hint: use letters; when it is no project (test data, a template), name its folder in .nxignore',
    cause,
  })
})

it('leaves errors alone that no folder could be left out for', () => {
  for (const error of [
    new InterlockError('CARGO_MANIFEST_UNREADABLE', 'broken', { file: 'Cargo.toml:1:1' }),
    new InterlockError('CARGO_LOCK_UNREADABLE', 'broken', { file: 'a/Cargo.lock' }),
    new InterlockError('GIT_FAILED', 'broken'),
    new Error('a defect'),
  ])
    expect(withWayOut(error)).toBe(error)
})
