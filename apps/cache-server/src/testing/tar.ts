import { gzipSync } from 'node:zlib'

/** One entry of an archive, with every field that an attacker may choose. */
export interface TarEntry {
  readonly name: string | Buffer
  readonly data?: string | Buffer
  /** Type flag; a file when absent. */
  readonly type?: string
  readonly link?: string
  readonly mode?: number
  /** What the header says, when it is not the length of the data. */
  readonly size?: number
  readonly mtime?: number
  readonly magic?: string
  readonly prefix?: string
  /** Changes the header after its checksum was made. */
  readonly spoil?: (header: Buffer) => void
}

/** An archive without the blocks that end it. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat(entries.map(entryBytes))
}

/** A whole archive, compressed. */
export function tarGz(entries: readonly TarEntry[]): Buffer {
  return gzipSync(Buffer.concat([tarOf(entries), Buffer.alloc(1024)]))
}

/** The entries that Nx adds to the outputs of a task. */
export const NX_ENTRIES: readonly TarEntry[] = [
  { name: 'terminalOutput', data: 'built\n' },
  { name: 'code', data: Buffer.alloc(4) },
]

/** A PAX extension header for the entry that follows. */
export function pax(records: Readonly<Record<string, string>>): TarEntry {
  return {
    name: 'PaxHeader',
    type: 'x',
    data: Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value))),
  }
}

/** A GNU long name (`L`) or long link (`K`) for the entry that follows. */
export function long(type: 'K' | 'L', text: string): TarEntry {
  return { name: '././@LongLink', type, data: `${text}\0` }
}

function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length += 1
  return Buffer.concat([Buffer.from(String(length)), rest])
}

function entryBytes(entry: TarEntry): Buffer {
  const { name, type = '0', link = '', mode = 0o644, mtime = 0, magic = 'ustar\u000000', prefix = '', spoil } = entry
  const data = Buffer.from(entry.data ?? '')
  const header = Buffer.alloc(512)
  Buffer.from(name).copy(header, 0, 0, 100)
  header.write(octal(mode, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(entry.size ?? data.length, 11), 124)
  header.write(octal(mtime, 11), 136)
  header.write(' '.repeat(8), 148)
  header.write(type, 156, 'latin1')
  header.write(link, 157, 100)
  header.write(magic, 257, 'latin1')
  header.write(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1')
  spoil?.(header)
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)])
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}
