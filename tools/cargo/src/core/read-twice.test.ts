import { describe, expect, it } from 'vitest'
import { memoryFiles, OPTIONS } from '../testing/layout.ts'
import { crate } from '../testing/small.ts'
import { readCargo } from './read-cargo.ts'

describe('a second read', () => {
  const files = { 'a/Cargo.toml': crate('a'), 'a/src/notes.txt': 'one' }

  it('of the same manifests is the same object, without reading a file', () => {
    const first = readCargo(memoryFiles(files), OPTIONS)
    const unreadable = { ...memoryFiles({ ...files, 'a/src/notes.txt': 'two' }), read: () => expect.unreachable() }
    expect(readCargo(unreadable, OPTIONS)).toBe(first)
  })

  it('sees a changed manifest, a changed option, a new binary and a moved crate', () => {
    const first = readCargo(memoryFiles(files), OPTIONS)
    expect(readCargo(memoryFiles({ ...files, 'a/Cargo.toml': crate('b') }), OPTIONS).projects[0]?.name).toBe('b')
    expect(readCargo(memoryFiles(files), { ...OPTIONS, targets: { lint: false } })).not.toEqual(first)
    expect(readCargo(memoryFiles({ ...files, 'a/src/main.rs': '' }), OPTIONS).projects[0]?.kind).toBe('application')
    expect(readCargo(memoryFiles({ 'b/Cargo.toml': crate('a') }), OPTIONS).projects[0]?.root).toBe('b')
    expect(readCargo(memoryFiles(files), OPTIONS)).toEqual(first)
  })
})
