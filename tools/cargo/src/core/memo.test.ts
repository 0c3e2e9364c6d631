import { createMemo } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { memoryFiles, OPTIONS } from '../testing/layout.ts'
import { crate } from '../testing/small.ts'
import { readCargo } from './read-cargo.ts'

describe('a memo', () => {
  it('keeps the values that were used last and forgets the others', () => {
    const memo = createMemo<number>(2)
    let made = 0
    const get = (key: string): number => memo(key, () => (made += 1))
    expect([get('a'), get('b'), get('a'), get('c'), get('a'), get('b')]).toEqual([1, 2, 1, 3, 1, 4])
  })

  it('does not keep an error', () => {
    const memo = createMemo<number>(2)
    const fail = (): number => {
      throw new Error('broken')
    }
    expect(() => memo('a', fail)).toThrow('broken')
    expect(memo('a', () => 1)).toBe(1)
  })
})

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
