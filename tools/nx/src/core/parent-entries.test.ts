import { describe, expect, it } from 'vitest'
import { type CommittedClosures, readClosures } from './closures.ts'
import { projectParentsAmong, strayFiles } from './directories.ts'
import { isRecorded, overclaimed, parentEntries, parentKey, staleParents } from './parent-entries.ts'

const committed = (table: object): CommittedClosures => readClosures(JSON.stringify(table))

describe('directories of projects', () => {
  const roots = ['.', 'crates/a', 'crates/b', 'libs/group/c', 'odd/[x]', 'top']

  it('are those below whose folders every file lies in a project', () => {
    const listed = ['Cargo.toml', 'README.md', 'crates/README.md', 'crates/a/x', 'libs/group/c/y', 'other/z']
    expect([...projectParentsAmong(roots, listed)].sort()).toEqual(['crates', 'libs/group'])
  })

  it('promise-2: are not those with a file in a folder that is no project', () => {
    const listed = ['crates/shared/data.json', 'crates/a/x', 'docs/crates/q']
    expect(strayFiles(roots, listed)).toEqual(['crates/shared/data.json'])
    expect([...projectParentsAmong(roots, listed)]).toEqual(['libs/group'])
  })
})

describe('the entry of a directory of projects', () => {
  it('has a key that no project and no other directory has, without a dot', () => {
    expect(parentKey('crates')).toBe('crates/~2a')
    expect(parentKey('a.b/c')).toBe('a~2eb/c/~2a')
  })

  it('is recorded only by its own word, in a file that could be read', () => {
    expect(isRecorded(committed(parentEntries(['crates'])), 'crates')).toBe(true)
    expect(isRecorded(committed(parentEntries(['crates'])), 'libs')).toBe(false)
    expect(isRecorded(committed({ 'crates/~2a': '0123456789abcdef0123456789abcdef' }), 'crates')).toBe(false)
    expect(isRecorded(readClosures(undefined), 'crates')).toBe(false)
    expect(isRecorded(readClosures('{ "crates/~2a": "projects", }'), 'crates')).toBe(false)
  })

  it('is stale when it is missing, and when it says too much', () => {
    const table = committed({ ...parentEntries(['crates', 'gone']), 'crates/a': '00' })
    expect(staleParents(new Set(['crates', 'libs']), table)).toEqual([
      { key: 'libs/~2a', root: 'libs/*' },
      { key: 'gone/~2a', root: 'gone/*' },
    ])
    expect(overclaimed(new Set(['crates', 'libs']), table)).toEqual([{ key: 'gone/~2a', root: 'gone/*' }])
    expect(overclaimed(new Set(), readClosures('{'))).toEqual([])
  })
})
