import { gzipSync } from 'node:zlib'

/** One member of an archive. */
export interface Member {
  readonly path: string
  readonly bytes: Buffer | string
}

/** A tar.gz such as Nx makes: the files, `terminalOutput`, and the exit status in `code`. */
export function nxArtifact(members: readonly Member[], { code = 0, output = 'done\n' } = {}): Buffer {
  const status = Buffer.alloc(4)
  status.writeInt32BE(code)
  const all = [...members, { path: 'terminalOutput', bytes: output }, { path: 'code', bytes: status }]
  return gzipSync(Buffer.concat([...all.map(memberBytes), Buffer.alloc(1024)]))
}

function memberBytes({ path, bytes }: Member): Buffer {
  const content = Buffer.from(bytes)
  const header = Buffer.alloc(512)
  header.write(path, 0, 100)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\0', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}
