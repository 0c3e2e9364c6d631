import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../entry.ts'
import { meaningOf } from './answers.ts'
import { blobName, namesOf, placedOf } from './names.ts'
import { canBeRemovedRow, decodeRow, encodeEntryRow, encodeRemovedRow } from './row.ts'
import { firstLook, judge, type Folder, type Listed } from './sweep.ts'

const UPLOAD = '00000000-0000-4000-8000-000000000000'
const BLOB = blobName('a'.repeat(64), UPLOAD)
const key = { hash: '42', scope: 'trusted/main', tool: 'nx', workspace: 'acme' } as const
const entry: Entry = {
  ...key,
  created: 1,
  digest: 'a'.repeat(64),
  size: 10,
  state: 'live',
  writer: { issuer: 'https://issuer.example' },
}

describe('names in a bucket', () => {
  it('stay below the folder, are plain, differ for different keys and are short enough, whatever the key holds', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ maxLength: 3000 }),
      fc.constantFrom('..', '', '/', '%2f', '\u0000'),
    )
    const keys = fc.record({ hash: part, scope: part, tool: fc.constantFrom('nx', 'turbo', 'sccache'), workspace: part })
    const names = namesOf('p'.repeat(200))
    fc.assert(
      fc.property(keys, keys, (one, two) => {
        const folder = names.folder(one)
        expect(folder).toMatch(/^p{200}\/entries\/[a-z0-9_~-]+\/[a-z]+\/[a-z0-9_~-]+\/[a-z0-9_~-]+\/$/u)
        expect(`${folder}${BLOB}`.length).toBeLessThanOrEqual(1024)
        const isSame =
          one.hash === two.hash && one.scope === two.scope && one.tool === two.tool && one.workspace === two.workspace
        expect(names.folder(two) === folder).toBe(isSame)
      }),
    )
  })

  it('of objects that are none of ours are told from ours', () => {
    const { entries, folder } = namesOf('')
    expect(placedOf(`${folder(key)}row`)).toEqual({ folder: folder(key), name: 'row', role: 'row' })
    expect(placedOf(`${folder(key)}${BLOB}`)).toMatchObject({ role: 'blob' })
    for (const name of ['blob.x.y', 'row.bak', `${BLOB}.tmp`, '', 'ROW']) expect(placedOf(`${entries}${name}`)).toBeUndefined()
  })
})

describe('a row', () => {
  it('comes back as it was written', () => {
    expect(decodeRow(encodeEntryRow(entry, BLOB), key)).toEqual({ blob: BLOB, entry, kind: 'entry' })
    expect(decodeRow(encodeRemovedRow(UPLOAD), key)).toEqual({ kind: 'removed' })
  })

  it('is damaged under another key', () => {
    expect(decodeRow(encodeEntryRow(entry, BLOB), { ...key, scope: 'pr/1' })).toMatchObject({ kind: 'damaged' })
  })

  it('of any other bytes is damaged, or of a later version', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(['damaged', 'newer']).toContain(decodeRow(bytes, key).kind)
        },
      ),
    )
    expect(decodeRow(Buffer.from('{"version":2}'), key)).toEqual({ kind: 'newer', version: 2 })
  })

  it('without an entry is told by its size', () => {
    expect(canBeRemovedRow(encodeRemovedRow(UPLOAD).length)).toBe(true)
    const least = { ...entry, hash: '', scope: '', size: 0, workspace: '', writer: { issuer: '' } }
    expect(canBeRemovedRow(encodeEntryRow(least, BLOB).length)).toBe(false)
  })
})

describe('a sweep', () => {
  const clock = { graceMs: 100, now: 1000 }
  const [OLD, FRESH] = [800, 950]
  const object = (name: string, modified: number, size = 400): Listed => ({ etag: 'e', key: `f/${name}`, modified, name, size })
  const folder = (parts: Partial<Folder>): Folder => ({ blobs: [], folder: 'f/', row: undefined, used: undefined, ...parts })
  const other = blobName('b'.repeat(64), UPLOAD)

  it.each<[string, Folder, string]>([
    ['an entry and its bytes', folder({ blobs: [object(BLOB, OLD)], row: object('row', OLD) }), 'keep'],
    ['bytes on their way', folder({ blobs: [object(BLOB, FRESH)] }), 'keep'],
    ['bytes without a row', folder({ blobs: [object(BLOB, OLD)] }), 'delete'],
    ['a note of a use alone', folder({ used: object('used', OLD) }), 'delete'],
    ['a removal that readers may still be at', folder({ blobs: [object(BLOB, OLD)], row: object('row', FRESH, 80) }), 'keep'],
    ['an old removal', folder({ blobs: [object(BLOB, OLD)], row: object('row', OLD, 80) }), 'look'],
    ['a row without bytes', folder({ row: object('row', OLD) }), 'look'],
    [
      'a row with more bytes than one',
      folder({ blobs: [object(BLOB, OLD), object(other, OLD)], row: object('row', OLD) }),
      'look',
    ],
  ])('at first sight of %s', (_name, seen, kind) => {
    expect(firstLook(seen, clock).kind).toBe(kind)
  })

  it('takes only the old ones of bytes that have no row', () => {
    const [old, fresh] = [object(BLOB, OLD), object(other, FRESH)]
    expect(firstLook(folder({ blobs: [old, fresh] }), clock)).toEqual({ kind: 'delete', objects: [old] })
  })

  it('keeps what a row names, and what may be on its way', () => {
    const seen = folder({ blobs: [object(BLOB, OLD), object(other, FRESH)], row: object('row', OLD) })
    expect(judge(seen, { blob: BLOB, kind: 'entry' }, clock)).toEqual({ deletions: [], isGhost: false, isRowDone: false })
  })

  it('keeps the row of a removed entry until all its bytes are gone', () => {
    const [old, fresh, used] = [object(BLOB, OLD), object(other, FRESH), object('used', OLD)]
    const waiting = folder({ blobs: [old, fresh], row: object('row', OLD, 80), used })
    expect(judge(waiting, { kind: 'none' }, clock)).toEqual({ deletions: [old], isGhost: false, isRowDone: false })
    const done = folder({ blobs: [old], row: object('row', OLD, 80), used })
    expect(judge(done, { kind: 'none' }, clock)).toEqual({ deletions: [old, used], isGhost: false, isRowDone: true })
  })

  it('knows a row whose bytes are gone', () => {
    const seen = folder({ blobs: [object(other, OLD)], row: object('row', OLD) })
    expect(judge(seen, { blob: BLOB, kind: 'entry' }, clock)).toMatchObject({ deletions: [{ name: other }], isGhost: true })
  })

  it('never deletes anything young, nor what a row names, whatever it sees', () => {
    const listed = fc.record({ modified: fc.integer({ max: 1100, min: 0 }), name: fc.constantFrom(BLOB, other) })
    const row = fc.option(fc.record({ modified: fc.integer({ max: 1100, min: 0 }), size: fc.constantFrom(80, 400) }), {
      nil: undefined,
    })
    const seenRow = fc.constantFrom({ blob: BLOB, kind: 'entry' } as const, { kind: 'none' } as const)
    fc.assert(
      fc.property(fc.uniqueArray(listed, { selector: ({ name }) => name }), row, seenRow, (blobs, shown, seen) => {
        const parts = folder({
          blobs: blobs.map(({ modified, name }) => object(name, modified)),
          row: shown === undefined ? undefined : object('row', shown.modified, shown.size),
        })
        const look = firstLook(parts, clock)
        const gone = look.kind === 'delete' ? look.objects : look.kind === 'look' ? judge(parts, seen, clock).deletions : []
        const named = look.kind === 'look' && seen.kind === 'entry' ? seen.blob : undefined
        for (const { modified, name } of gone) {
          expect(clock.now - modified).toBeGreaterThan(clock.graceMs)
          expect(name).not.toBe(named)
        }
      }),
    )
  })
})

describe('what an answer means', () => {
  it.each([
    [
      { name: 'NoSuchBucket', status: 404 },
      { reason: 'unavailable', text: 'there is no such bucket (404 NoSuchBucket)' },
    ],
    [{ name: 'Anything', status: 507 }, { reason: 'full' }],
    [{ name: 'QuotaExceeded', status: 403 }, { reason: 'full' }],
    [
      { name: 'Forbidden', status: 403 },
      { hint: expect.stringContaining('cache-s3'), text: 'the server refuses it (403 Forbidden)' },
    ],
    [{ name: 'Moved', status: 301 }, { hint: expect.stringContaining('region') }],
    [{ name: 'SlowDown', status: 503 }, { text: 'the server answered 503 SlowDown' }],
    [{ name: 'ECONNRESET' }, { text: 'the connection failed (ECONNRESET)' }],
  ])('%j', (answer, meaning) => {
    expect(meaningOf(answer)).toMatchObject(meaning)
  })
})
