import { createHash, type Hash } from 'node:crypto'
import { MAX_EXTENSION, parseLongName, parsePax, type Extension } from './extension.ts'
import { BLOCK, isZero, parseHeader, type Header } from './header.ts'
import { Unsafe } from './inspection.ts'
import { shown } from './path.ts'
import { createTree, type FileEntry, type Tree } from './tree.ts'

/** Looks at an archive that comes in pieces, and holds none of its data. Throws `Unsafe`. */
export interface TarInspector {
  readonly push: (chunk: Buffer) => void
  /** Says that no more comes; what the archive holds. */
  readonly finish: () => Tree
}

/** What the next bytes are. */
type State =
  | { readonly kind: 'header' }
  | { readonly kind: 'extension'; readonly type: string; readonly where: string; readonly parts: Buffer[]; left: number }
  | { readonly kind: 'data'; readonly file: FileEntry; readonly hash: Hash; readonly size: number; left: number }
  | { readonly kind: 'padding'; left: number }
  | { readonly kind: 'end'; zeroBytes: number }

export function createTarInspector(maxEntries: number): TarInspector {
  const tree = createTree(maxEntries)
  let state: State = { kind: 'header' }
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  let extension: Extension = {}

  /** Starts the entry of a header; returns what the bytes behind it are. */
  const begin = (header: Header, where: string): State => {
    const { type } = header
    if (type === 'L' || type === 'K' || type === 'x') {
      if (header.size === 0) throw new Unsafe('extension is damaged', where)
      if (header.size > MAX_EXTENSION) throw new Unsafe('name is too long', where)
      return { kind: 'extension', type, where, parts: [], left: header.size }
    }
    const name = extension.name ?? header.name
    const link = extension.link ?? header.link
    // Readers disagree on which of two sizes counts, and one that differs hides entries from some of them.
    if (extension.size !== undefined && extension.size !== header.size) throw new Unsafe('size is given twice', where)
    extension = {}
    if (type === '0' || type === '\0') return beginFile(header, name)
    if (header.size !== 0 && '125'.includes(type)) throw new Unsafe('size is given twice', shown(name.toString()))
    if (type === '5') tree.folder(name)
    else if (type === '2') tree.link(name, link)
    else if (type === '1') tree.hardLink(name, link)
    else if ('346'.includes(type)) throw new Unsafe('device or pipe', shown(name.toString()))
    else if (type === 'S') throw new Unsafe('sparse file', shown(name.toString()))
    else throw new Unsafe('entry of an unknown kind', shown(name.toString()))
    return { kind: 'header' }
  }

  const beginFile = ({ mode, size }: Header, name: Buffer): State => {
    // A name that ends with a slash was a folder in the oldest format, and is one for some readers still.
    if (name.at(-1) === 0x2f) throw new Unsafe('name of two kinds', shown(name.toString()))
    if ((mode & 0o6000) !== 0) throw new Unsafe('set-user-id or set-group-id', shown(name.toString()))
    const file = tree.file(name, (mode & 0o111) !== 0)
    const started: State = { kind: 'data', file, hash: createHash('sha256'), size, left: size }
    return size === 0 ? endData(started) : started
  }

  const endData = ({ file, hash, size }: State & { kind: 'data' }): State => {
    file.bytes(hash.digest('hex'), size)
    return padding(size)
  }

  const endExtension = ({ type, where, parts }: State & { kind: 'extension' }): void => {
    const data = Buffer.concat(parts)
    const more = type === 'x' ? parsePax(data, where) : nameOf(type, parseLongName(data, where))
    const isTwice =
      (more.name !== undefined && extension.name !== undefined) || (more.link !== undefined && extension.link !== undefined)
    if (isTwice) throw new Unsafe('extension is damaged', where)
    extension = { ...extension, ...more }
  }

  /** Takes from the front of the chunk what the state needs; returns how many bytes. */
  const take = (chunk: Buffer): number => {
    switch (state.kind) {
      case 'header': {
        if (chunk.length < BLOCK) return 0
        const block = chunk.subarray(0, BLOCK)
        const where = `byte ${offset}`
        state = isZero(block) ? { kind: 'end', zeroBytes: BLOCK } : begin(parseHeader(block, where), where)
        return BLOCK
      }
      case 'extension': {
        const part = chunk.subarray(0, state.left)
        state.parts.push(Buffer.from(part))
        state.left -= part.length
        if (state.left > 0) return part.length
        endExtension(state)
        state = padding(state.parts.reduce((sum, { length }) => sum + length, 0))
        return part.length
      }
      case 'data': {
        const part = chunk.subarray(0, state.left)
        state.hash.update(part)
        state.left -= part.length
        if (state.left === 0) state = endData(state)
        return part.length
      }
      case 'padding': {
        const part = chunk.subarray(0, state.left)
        state.left -= part.length
        if (state.left === 0) state = { kind: 'header' }
        return part.length
      }
      case 'end':
        break
    }
    const part = chunk.subarray(0, BLOCK)
    if (!isZero(part)) throw new Unsafe('data after the end', `byte ${offset + part.findIndex((byte) => byte !== 0)}`)
    state.zeroBytes += part.length
    return part.length
  }

  return {
    push: (chunk) => {
      let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      while (bytes.length > 0) {
        const taken = take(bytes)
        if (taken === 0 && state.kind === 'header') break
        offset += taken
        bytes = bytes.subarray(taken)
      }
      rest = Buffer.from(bytes)
    },
    finish: () => {
      const isOver = state.kind === 'end' && state.zeroBytes >= 2 * BLOCK && Object.keys(extension).length === 0
      if (!isOver) throw new Unsafe('truncated', `byte ${offset + rest.length}`)
      return tree
    },
  }
}

function nameOf(type: string, text: Buffer): Extension {
  return type === 'L' ? { name: text } : { link: text }
}

/** Data is filled up to whole blocks. */
function padding(size: number): State {
  const left = (BLOCK - (size % BLOCK)) % BLOCK
  return left === 0 ? { kind: 'header' } : { kind: 'padding', left }
}
