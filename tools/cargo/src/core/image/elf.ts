/** What a program of Linux says about itself. */
export interface Elf {
  /** As the OCI image specification names it: `amd64`, `arm64`, … */
  readonly architecture: string
  readonly variant: string | undefined
  /** Whether a loader starts it: then it needs at least that loader. */
  readonly isDynamic: boolean
}

const MACHINES: Readonly<Record<number, string>> = {
  0x03: '386',
  0x15: 'ppc64le',
  0x16: 's390x',
  0x28: 'arm',
  0x3e: 'amd64',
  0xb7: 'arm64',
  0xf3: 'riscv64',
  0x102: 'loong64',
}
const MAGIC = 0x7f454c46
/** The segment that names the loader. */
const INTERPRETER = 3

/** Reads the head of a program; `undefined` when the bytes are none of Linux, are cut off, or are for a machine without a name here. */
export function readElf(bytes: Uint8Array): Elf | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < 64 || view.getUint32(0) !== MAGIC) return undefined
  const [isWide, isLittle] = [bytes[4] === 2, bytes[5] === 1]
  const architecture = MACHINES[view.getUint16(18, isLittle)]
  if (architecture === undefined) return undefined
  const table = isWide ? Number(view.getBigUint64(32, isLittle)) : view.getUint32(28, isLittle)
  const [size, count] = [view.getUint16(isWide ? 54 : 42, isLittle), view.getUint16(isWide ? 56 : 44, isLittle)]
  if (table + size * count > view.byteLength) return undefined
  const kinds = Array.from({ length: count }, (_, at) => view.getUint32(table + at * size, isLittle))
  return { architecture, variant: architecture === 'arm' ? 'v7' : undefined, isDynamic: kinds.includes(INTERPRETER) }
}
