import { describe, expect, it } from 'vitest'
import { CHUNK, lendChunk, recycleChunk } from './chunk-pool.ts'

describe('chunks of memory', () => {
  it('are lent again once they are given back, whole, and not before', () => {
    const first = lendChunk()
    const second = lendChunk()
    expect(second.buffer).not.toBe(first.buffer)
    recycleChunk(first.subarray(10, 20))
    const again = lendChunk()
    expect(again.buffer).toBe(first.buffer)
    expect(again).toHaveLength(CHUNK)
  })

  it('are not lent to two at once when one gives back twice', () => {
    const chunk = lendChunk()
    recycleChunk(chunk)
    recycleChunk(chunk)
    expect(lendChunk().buffer).not.toBe(lendChunk().buffer)
  })

  it('are never memory of somebody else', () => {
    const foreign = Buffer.alloc(CHUNK)
    recycleChunk(foreign)
    expect(lendChunk().buffer).not.toBe(foreign.buffer)
  })
})
