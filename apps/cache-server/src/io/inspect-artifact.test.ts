import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Inspection, InspectionLimits } from '../core/inspect/inspection.ts'
import { long, NX_ENTRIES, pax, tarGz, tarOf, type TarEntry } from '../testing/tar.ts'
import { inspectArtifact } from './inspect-artifact.ts'

const LIMITS: InspectionLimits = { maxEntries: 1000, maxInflated: 256 * 1024 * 1024, maxRatio: 200 }

/** The bytes as a stream of pieces of a size. */
function piecesOf(bytes: Buffer, size: number): Readable {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return Readable.from(pieces)
}

async function inspect(bytes: Buffer, limits: Partial<InspectionLimits> = {}, size = 4096): Promise<Inspection> {
  return inspectArtifact(piecesOf(bytes, size), { tool: 'nx', limits: { ...LIMITS, ...limits } })
}

const withNx = (...entries: readonly TarEntry[]): Buffer => tarGz([...entries, ...NX_ENTRIES])
const contentOf = async (...entries: readonly TarEntry[]): Promise<string | undefined> => {
  const inspection = await inspect(withNx(...entries))
  return inspection.kind === 'safe' ? inspection.content : undefined
}
const NUL = '\u0000'
const LONG = 'folder/'.repeat(40)

describe('an artifact that is safe', () => {
  it.each<[string, TarEntry[]]>([
    [
      'files and folders',
      [
        { name: 'dist', type: '5' },
        { name: 'dist/a.js', data: 'a'.repeat(1000) },
        { name: './dist/b.js', data: '' },
      ],
    ],
    ['the oldest format', [{ name: 'dist/a', type: NUL, magic: NUL.repeat(8), data: 'a' }]],
    ['a GNU header', [{ name: 'dist/a', magic: `ustar  ${NUL}`, data: 'a' }]],
    ['a name in two parts', [{ name: 'a.js', prefix: 'dist/deep', data: 'a' }]],
    ['a long name of PAX', [pax({ path: `${LONG}a.js`, mtime: '1.5' }), { name: 'short', data: 'a' }]],
    ['a long name of GNU', [long('L', `${LONG}a.js`), { name: 'short', data: 'a' }]],
    ['long names of a link', [long('K', `${LONG}t`), long('L', `${LONG}l`), { name: 'x', type: '2', link: 'y' }]],
    ['a link beside', [{ name: 'dist/l', type: '2', link: 'a.js' }]],
    ['a link up and over', [{ name: 'a/b/l', type: '2', link: '../../node_modules/x' }]],
    ['a link to the top', [{ name: 'a/l', type: '2', link: '..' }]],
    [
      'a hard link to an earlier file',
      [
        { name: 'a', data: 'a' },
        { name: 'b', type: '1', link: 'a' },
      ],
    ],
    [
      'the same folder and file twice',
      [
        { name: 'd', type: '5' },
        { name: 'd/a', data: '1' },
        { name: 'd', type: '5' },
        { name: 'd/a', data: '2' },
      ],
    ],
    [
      'names that only look bad',
      [
        { name: '..a/...', data: '' },
        { name: 'a/$(id)`id`', data: '' },
        { name: 'ß漢😀', data: '' },
        { name: 'ab:c', data: '' },
      ],
    ],
    ['a size that PAX repeats', [pax({ size: '3' }), { name: 'a', data: 'abc' }]],
  ])('%s', async (_name, entries) => {
    expect(await inspect(withNx(...entries))).toMatchObject({ kind: 'safe' })
    expect(await inspect(withNx(...entries), {}, 1)).toEqual(await inspect(withNx(...entries)))
  })

  it('is described by a digest that times, order, owners and terminal output do not change', async () => {
    const [one, two]: TarEntry[] = [
      { name: 'd/1', data: '1', mtime: 1 },
      { name: 'd/2', data: '2' },
    ]
    const content = await contentOf(one!, two!)
    expect(content).toMatch(/^[0-9a-f]{64}$/)
    expect(await contentOf(two!, { ...one!, mtime: 99 })).toBe(content)
    expect(await contentOf({ ...one!, mode: 0o600 }, { name: './d//2', data: '2' })).toBe(content)
    const said = tarGz([one!, two!, { name: 'terminalOutput', data: 'took 5 s' }, { name: 'code', data: Buffer.alloc(4) }])
    expect(await inspect(said)).toMatchObject({ content })
  })

  it.each<[string, TarEntry[]]>([
    ['bytes', [{ name: 'a', data: '2' }]],
    ['a path', [{ name: 'b', data: '1' }]],
    ['an executable bit', [{ name: 'a', data: '1', mode: 0o755 }]],
    ['a kind', [{ name: 'a', type: '2', link: '1' }]],
    [
      'one more file',
      [
        { name: 'a', data: '1' },
        { name: 'b', data: '' },
      ],
    ],
    [
      'one more folder',
      [
        { name: 'a', data: '1' },
        { name: 'b', type: '5' },
      ],
    ],
  ])('has another digest when %s differs', async (_name, entries) => {
    expect(await contentOf(...entries)).not.toBe(await contentOf({ name: 'a', data: '1' }))
  })

  it('has another digest when the target of a link, or the exit status, differs', async () => {
    expect(await contentOf({ name: 'l', type: '2', link: 'a' })).not.toBe(await contentOf({ name: 'l', type: '2', link: 'b' }))
    const failed = await inspect(tarGz([{ name: 'code', data: Buffer.from([0, 0, 0, 1]) }]))
    expect(failed).not.toEqual(await inspect(tarGz([{ name: 'code', data: Buffer.alloc(4) }])))
  })
})

describe('cache-33: an artifact that is unsafe', () => {
  it.each<[string, string, TarEntry[]]>([
    ['a parent folder', 'parent folder in a path', [{ name: '../a' }]],
    ['a parent folder in the middle', 'parent folder in a path', [{ name: 'a/../../b' }]],
    ['a parent folder at the end', 'parent folder in a path', [{ name: 'a/..', type: '5' }]],
    ['a parent folder in a PAX name', 'parent folder in a path', [pax({ path: 'dist/../../x' }), { name: 'harmless' }]],
    ['a parent folder in a GNU name', 'parent folder in a path', [long('L', '../x'), { name: 'harmless' }]],
    ['a parent folder by its prefix', 'parent folder in a path', [{ name: 'x', prefix: '..' }]],
    ['an absolute path', 'absolute path', [{ name: '/etc/passwd' }]],
    ['an absolute path in PAX', 'absolute path', [pax({ path: '/etc/passwd' }), { name: 'harmless' }]],
    ['a drive letter', 'drive letter', [{ name: 'C:/x' }]],
    ['a drive letter without a slash', 'drive letter', [{ name: 'c:x' }]],
    ['a backslash', 'backslash in a path', [{ name: 'a\\..\\..\\b' }]],
    ['a network path of Windows', 'backslash in a path', [{ name: '\\\\host\\share' }]],
    ['a NUL in a PAX name', 'name is not text', [pax({ path: `a${NUL}b` }), { name: 'harmless' }]],
    ['a NUL in a GNU name', 'name is not text', [long('L', `a${NUL}../../b`), { name: 'harmless' }]],
    ['a name that is not UTF-8', 'name is not text', [{ name: Buffer.from([0xff, 0xfe, 0x61]) }]],
    ['a foreign character set', 'name is not text', [pax({ hdrcharset: 'BINARY' }), { name: 'a' }]],
    ['no name', 'name is empty', [{ name: '' }]],
    ['a name of dots and slashes', 'name is empty', [{ name: '././/', type: '5' }]],
    ['a name without end', 'name is too long', [long('L', 'ab'.repeat(3000)), { name: 'harmless' }]],
    ['an extension without end', 'name is too long', [pax({ comment: 'x'.repeat(70_000) }), { name: 'harmless' }]],
    ['an absolute link', 'absolute path', [{ name: 'l', type: '2', link: '/etc' }]],
    ['a link that leads outside', 'link leads outside', [{ name: 'l', type: '2', link: '..' }]],
    ['a link that leads outside from below', 'link leads outside', [{ name: 'a/l', type: '2', link: '../../x' }]],
    ['a link that leads outside in PAX', 'link leads outside', [pax({ linkpath: '../x' }), { name: 'l', type: '2', link: 'ok' }]],
    ['a link that leads outside in GNU', 'link leads outside', [long('K', '../x'), { name: 'l', type: '2', link: 'ok' }]],
    ['a link that goes down and up', 'link leads outside', [{ name: 'l', type: '2', link: 'm/../../x' }]],
    ['an empty link', 'name is empty', [{ name: 'l', type: '2' }]],
    ['a file through a link', 'entry under a link', [{ name: 'd', type: '2', link: 'e' }, { name: 'd/a' }]],
    ['a file through a link of another case', 'entry under a link', [{ name: 'd', type: '2', link: 'e' }, { name: 'D/a' }]],
    ['a link in the place of a folder', 'name of two kinds', [{ name: 'd/a' }, { name: 'd', type: '2', link: 'e' }]],
    [
      'a file in the place of a link',
      'name of two kinds',
      [
        { name: 'd', type: '2', link: 'e' },
        { name: 'd', data: 'x' },
      ],
    ],
    [
      'a link twice',
      'name of two kinds',
      [
        { name: 'd', type: '2', link: 'e' },
        { name: 'd', type: '2', link: 'f' },
      ],
    ],
    ['a file under a file', 'name of two kinds', [{ name: 'd' }, { name: 'd/a' }]],
    ['a file whose name ends like a folder', 'name of two kinds', [{ name: 'd/', data: 'x' }]],
    ['a hard link outside', 'parent folder in a path', [{ name: 'h', type: '1', link: '../../etc/passwd' }]],
    ['a hard link to an absolute path', 'absolute path', [{ name: 'h', type: '1', link: '/etc/passwd' }]],
    ['a hard link to nothing', 'hard link to no earlier file', [{ name: 'h', type: '1', link: 'other' }]],
    [
      'a hard link to a link',
      'hard link to no earlier file',
      [
        { name: 'l', type: '2', link: 'x' },
        { name: 'h', type: '1', link: 'l' },
      ],
    ],
    ['a character device', 'device or pipe', [{ name: 'd', type: '3' }]],
    ['a block device', 'device or pipe', [{ name: 'd', type: '4' }]],
    ['a pipe', 'device or pipe', [{ name: 'd', type: '6' }]],
    ['a sparse file of GNU', 'sparse file', [{ name: 'd', type: 'S' }]],
    ['a sparse file of PAX', 'sparse file', [pax({ 'GNU.sparse.name': 'x', 'GNU.sparse.major': '1' }), { name: 'd' }]],
    ['a global header', 'entry of an unknown kind', [{ ...pax({ path: 'x' }), type: 'g' }]],
    ['a volume label', 'entry of an unknown kind', [{ name: 'v', type: 'V' }]],
    ['a set-user-id bit', 'set-user-id or set-group-id', [{ name: 'x', mode: 0o4755 }]],
    ['two sizes', 'size is given twice', [pax({ size: '1024' }), { name: 'a', data: 'abc' }]],
    ['a link with data', 'size is given twice', [{ name: 'l', type: '2', link: 'a', data: 'abc' }]],
    ['a checksum that is wrong', 'checksum of an entry is wrong', [{ name: 'a', spoil: (header) => header.write('b', 0) }]],
    ['a checksum that is no number', 'field is no number', [{ name: 'a', spoil: (header) => header.write('zzzzzz', 148) }]],
    ['a format that is unknown', 'format is unknown', [{ name: 'a', magic: 'tarball!' }]],
    ['half a mark', 'format is unknown', [{ name: 'a', magic: `ustar${NUL}` }]],
    ['an empty extension', 'extension is damaged', [{ name: 'x', type: 'x' }, { name: 'a' }]],
    [
      'an extension that lies about its length',
      'extension is damaged',
      [{ name: 'x', type: 'x', data: '99 path=a\n' }, { name: 'a' }],
    ],
    ['an extension that is no record', 'extension is damaged', [{ name: 'x', type: 'x', data: '../../a' }, { name: 'a' }]],
    ['two names for one entry', 'extension is damaged', [long('L', 'a'), pax({ path: 'b' }), { name: 'c' }]],
    ['an extension for nothing', 'truncated', [...NX_ENTRIES, long('L', 'a')]],
    ['too many entries', 'too many entries', Array.from({ length: 1001 }, (_, index) => ({ name: `f${index}` }))],
  ])('%s', async (_name, reason, entries) => {
    const bytes = entries.includes(NX_ENTRIES[0]!) ? tarGz(entries) : withNx(...entries)
    expect(await inspect(bytes)).toEqual({ kind: 'unsafe', reason, where: expect.any(String) })
    expect(await inspect(bytes, {}, 1)).toMatchObject({ kind: 'unsafe', reason })
  })

  it.each<[string, string, Buffer]>([
    ['no code', 'code is missing', tarGz([{ name: 'dist/a' }])],
    ['a code of five bytes', 'code is missing', tarGz([{ name: 'code', data: '12345' }])],
    ['a code that is a folder', 'code is missing', tarGz([{ name: 'code', type: '5' }])],
    ['no entry', 'code is missing', tarGz([])],
    ['no bytes', 'truncated', Buffer.alloc(0)],
    ['text', 'no gzip data', Buffer.from('<html>502 Bad Gateway</html>')],
    ['a tar without gzip', 'no gzip data', Buffer.concat([tarOf(NX_ENTRIES), Buffer.alloc(1024)])],
    ['gzip of something else', 'field is no number', gzipSync(Buffer.alloc(2048, 'x'))],
    ['gzip of nothing', 'truncated', gzipSync('')],
    ['an archive without its end', 'truncated', gzipSync(tarOf(NX_ENTRIES))],
    ['an archive with half of its end', 'truncated', gzipSync(Buffer.concat([tarOf(NX_ENTRIES), Buffer.alloc(512)]))],
    ['an archive cut in its data', 'truncated', gzipSync(tarOf([{ name: 'a', data: 'x'.repeat(5000) }]).subarray(0, 3000))],
    ['a size that goes on for ever', 'truncated', gzipSync(tarOf([{ name: 'a', size: 8 ** 11 - 1 }]))],
    [
      'entries behind the end',
      'data after the end',
      gzipSync(Buffer.concat([tarOf(NX_ENTRIES), Buffer.alloc(1024), tarOf([{ name: '../x' }])])),
    ],
    [
      'bytes behind the end',
      'data after the end',
      gzipSync(Buffer.concat([tarOf(NX_ENTRIES), Buffer.alloc(1024), Buffer.from('x')])),
    ],
    ['bytes behind the gzip data', 'data after the end', Buffer.concat([withNx(), Buffer.from('trailing garbage')])],
    ['zeros behind the gzip data', 'data after the end', Buffer.concat([withNx(), Buffer.alloc(64)])],
    ['one zero behind the gzip data', 'data after the end', Buffer.concat([withNx(), Buffer.alloc(1)])],
    ['a second gzip member', 'data after the end', Buffer.concat([withNx(), withNx({ name: 'other', data: 'x' })])],
    ['an empty first member', 'data after the end', Buffer.concat([gzipSync(''), withNx()])],
  ])('%s', async (_name, reason, bytes) => {
    for (const size of [1, 64, 100_000]) expect(await inspect(bytes, {}, size)).toMatchObject({ kind: 'unsafe', reason })
  })

  it('gzip data that is cut off anywhere', async () => {
    const whole = withNx({ name: 'a', data: 'abc'.repeat(100) })
    for (let length = 0; length < whole.length; length += 7) {
      expect(await inspect(whole.subarray(0, length))).toMatchObject({ kind: 'unsafe', reason: 'truncated' })
    }
  })

  it('a sum or a length at the end of the gzip data that is wrong', async () => {
    const whole = withNx()
    for (const back of [1, 5]) {
      const spoilt = Buffer.from(whole)
      spoilt[whole.length - back]! ^= 1
      expect(await inspect(spoilt)).toMatchObject({ kind: 'unsafe', reason: 'compressed data is damaged' })
    }
  })

  it('cache-34: more bytes than are allowed, or too many for what was sent', async () => {
    const zeros = withNx({ name: 'zeros', data: Buffer.alloc(20 * 1024 * 1024) })
    const most = { maxInflated: 1024 * 1024, maxRatio: 2000 }
    expect(await inspect(zeros, most)).toEqual({ kind: 'unsafe', reason: 'too many bytes', where: 'byte 1048576' })
    expect(await inspect(zeros)).toMatchObject({ reason: 'too many bytes', where: expect.stringMatching(/^byte \d+ from \d+$/) })
    expect(await inspect(zeros, { maxRatio: 2000 })).toMatchObject({ kind: 'safe' })
  })

  it('names are said in one short printable line', async () => {
    const inspection = await inspect(withNx({ name: `../\n\u001B[31m\u202E${'x'.repeat(80)}` }))
    expect(inspection).toMatchObject({ where: expect.stringMatching(/^\.\.\/\uFFFD\uFFFD\[31m\uFFFDx+$/) })
  })
})
