import { Unsafe } from './inspection.ts'

/** What an entry's extension headers (PAX, GNU long names) say about the entry that follows. */
export interface Extension {
  readonly name?: Buffer
  readonly link?: Buffer
  readonly size?: number
}

/** More than any name needs; an extension is held in memory whole. */
export const MAX_EXTENSION: number = 64 * 1024

const SPACE = 0x20
const EQUALS = 0x3d
const LINE_BREAK = 0x0a

/** The data of a PAX header: records of `length key=value\n`. */
export function parsePax(data: Buffer, where: string): Extension {
  let extension: Extension = {}
  for (let at = 0; at < data.length;) {
    const record = recordAt(data, at, where)
    extension = { ...extension, ...meaningOf(record, where) }
    at = record.end
  }
  return extension
}

/** The data of a GNU long name: text that ends with a NUL. */
export function parseLongName(data: Buffer, where: string): Buffer {
  const end = data.indexOf(0)
  if (end !== -1 && data.subarray(end).some((byte) => byte !== 0)) throw new Unsafe('name is not text', where)
  return Buffer.from(end === -1 ? data : data.subarray(0, end))
}

interface PaxRecord {
  readonly key: string
  readonly value: Buffer
  readonly end: number
}

function recordAt(data: Buffer, at: number, where: string): PaxRecord {
  const space = data.indexOf(SPACE, at)
  const digits = data.toString('latin1', at, space === -1 ? at : space)
  const end = at + Number(digits)
  const equals = data.indexOf(EQUALS, space)
  const isWhole = /^[1-9]\d{0,6}$/u.test(digits) && end <= data.length && data[end - 1] === LINE_BREAK
  if (!isWhole || equals === -1 || equals >= end) throw new Unsafe('extension is damaged', where)
  return { key: data.toString('utf8', space + 1, equals), value: Buffer.from(data.subarray(equals + 1, end - 1)), end }
}

/** Readers of archives disagree about sparse files and foreign character sets; both are refused. Times and owners say nothing. */
function meaningOf({ key, value }: PaxRecord, where: string): Extension {
  if (key.startsWith('GNU.sparse.')) throw new Unsafe('sparse file', where)
  switch (key) {
    case 'path':
      return { name: value }
    case 'linkpath':
      return { link: value }
    case 'size':
      if (!/^\d{1,15}$/u.test(value.toString('latin1'))) throw new Unsafe('field is no number', where)
      return { size: Number(value.toString('latin1')) }
    case 'hdrcharset':
      throw new Unsafe('name is not text', where)
    default:
      return {}
  }
}
