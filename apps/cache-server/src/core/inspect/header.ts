import { Unsafe } from './inspection.ts'

export const BLOCK = 512

/** One header block of a tar archive, without what only matters on disk (owner, times). */
export interface Header {
  /** Bytes up to the first NUL, with the prefix of the ustar format before them. */
  readonly name: Buffer
  readonly link: Buffer
  readonly mode: number
  /** Bytes of data that follow. */
  readonly size: number
  /** The type flag as a character. */
  readonly type: string
}

const POSIX = 'ustar\u000000'
const GNU = 'ustar  \u0000'
/** No mark at all: so Nx writes `terminalOutput` and `code`. */
const OLDEST = '\u0000'.repeat(8)

const SPACE = 0x20
const CHECKSUM = { start: 148, end: 156 }

/** Reads a block that is not all zeros. `where` is said when it is refused. */
export function parseHeader(block: Buffer, where: string): Header {
  checkSum(block, where)
  const magic = block.toString('latin1', 257, 265)
  const isPosix = magic === POSIX
  if (!isPosix && magic !== GNU && magic !== OLDEST) throw new Unsafe('format is unknown', where)
  const name = textField(block, 0, 100)
  const prefix = isPosix ? textField(block, 345, 500) : Buffer.alloc(0)
  return {
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    link: textField(block, 157, 257),
    mode: octal(block.subarray(100, 108), where),
    size: sizeField(block.subarray(124, 136), where),
    type: String.fromCharCode(block[156] ?? 0),
  }
}

export function isZero(block: Buffer): boolean {
  return block.equals(ZERO_BLOCK.subarray(0, block.length))
}

const ZERO_BLOCK = Buffer.alloc(BLOCK)

function checkSum(block: Buffer, where: string): void {
  let sum = 0
  for (let index = 0; index < BLOCK; index += 1) {
    sum += index >= CHECKSUM.start && index < CHECKSUM.end ? SPACE : (block[index] ?? 0)
  }
  if (sum !== octal(block.subarray(CHECKSUM.start, CHECKSUM.end), where)) throw new Unsafe('checksum of an entry is wrong', where)
}

/** The bytes before the first NUL of a field. */
function textField(block: Buffer, start: number, end: number): Buffer {
  const field = block.subarray(start, end)
  const length = field.indexOf(0)
  return Buffer.from(length === -1 ? field : field.subarray(0, length))
}

/** Octal digits with spaces before, and spaces or NULs behind; nothing but those is 0. */
function octal(field: Buffer, where: string): number {
  const text = field
    .toString('latin1')
    .replace(/[ \0]+$/u, '')
    .replace(/^ +/u, '')
  if (!/^[0-7]*$/u.test(text)) throw new Unsafe('field is no number', where)
  return text === '' ? 0 : Number.parseInt(text, 8)
}

/** Octal, or big-endian binary where the first bit is set. */
function sizeField(field: Buffer, where: string): number {
  const [first = 0, ...others] = field
  if (first < 0x80) return octal(field, where)
  const value = others.reduce((sum, byte) => sum * 256 + byte, first & 0x7f)
  if (!Number.isSafeInteger(value)) throw new Unsafe('field is no number', where)
  return value
}
