import { spawnSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { deflateRawSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Inspection, InspectionLimits } from '../core/inspect/inspection.ts'
import { scriptCommand } from '../testing/run-store-process.ts'
import { NX_ENTRIES, tarGz, tarOf } from '../testing/tar.ts'
import { inspectArtifact } from './inspect-artifact.ts'

const LIMITS: InspectionLimits = { maxEntries: 1000, maxInflated: 64 * 1024 * 1024, maxRatio: 200 }

/** Inspects the bytes as they come in pieces of a size. */
async function inspect(bytes: Buffer, size: number): Promise<Inspection> {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return inspectArtifact(Readable.from(pieces), { tool: 'nx', limits: LIMITS })
}

describe('arbitrary bytes', () => {
  it('give a verdict, never an error, whatever their pieces', async () => {
    const wrapped = fc.uint8Array({ maxLength: 3000 }).map((bytes) => gzipSync(bytes))
    const spoilt = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, change]) => {
      const tar = Buffer.concat([tarOf([{ name: 'dist/a', data: 'abc' }, ...NX_ENTRIES]), Buffer.alloc(1024)])
      tar[at % tar.length]! ^= change
      return gzipSync(tar)
    })
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
      wrapped,
      spoilt,
    )
    const property = fc.asyncProperty(any, fc.integer({ min: 1, max: 700 }), async (bytes, size) => {
      const inspection = await inspect(bytes, size)
      expect(inspection).toEqual(await inspect(bytes, bytes.length + 1))
    })
    await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined()
  })

  it('a header of gzip with every optional part is read', async () => {
    const tar = Buffer.concat([tarOf(NX_ENTRIES), Buffer.alloc(1024)])
    const plain = gzipSync(tar)
    const header = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0]),
      Buffer.from('abc'),
      Buffer.from('name\0comment\0'),
      Buffer.from([1, 2]),
    ])
    const whole = Buffer.concat([header, deflateRawSync(tar), plain.subarray(-8)])
    for (const size of [1, 3, 4096]) expect(await inspect(whole, size)).toMatchObject({ kind: 'safe' })
    expect(await inspect(Buffer.from([0x1f, 0x8b, 8, 0x20, ...whole.subarray(4)]), 4096)).toMatchObject({
      reason: 'no gzip data',
    })
  })

  it('an error of the source is an error, not a verdict', async () => {
    const source = Readable.from(
      (function* broken() {
        yield tarGz(NX_ENTRIES).subarray(0, 40)
        throw new Error('the disk is gone')
      })(),
    )
    await expect(inspectArtifact(source, { tool: 'nx', limits: LIMITS })).rejects.toThrow('the disk is gone')
  })

  it('cache-34: hundreds of megabytes from less than one is refused, or read to its end, in memory that stays small', () => {
    for (const [cap, kind] of [
      [100, 'unsafe'],
      [2000, 'safe'],
    ] as const) {
      const [program, ...args] = scriptCommand('inspect-process.ts', '400', String(cap))
      const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
      expect(stderr).toBe('')
      const { inspection, grown } = JSON.parse(stdout) as { inspection: Inspection; grown: number }
      expect(inspection).toMatchObject({ kind })
      expect(grown).toBeLessThan(100)
    }
  })
})
