/** Keeps the head and the tail of a text that may be endless. */
export interface BoundedText {
  readonly push: (piece: string) => void
  /** The text; where something was cut, one line says how many bytes. */
  readonly text: () => string
  /** How many bytes of UTF-8 were cut; 0 when the text is complete. */
  readonly cutBytes: () => number
}

/** Keeps at most `maxBytes` of UTF-8: the first half and the last half of what was pushed. */
export function createBoundedText(maxBytes: number): BoundedText {
  const headRoom = Math.ceil(maxBytes / 2)
  const tailRoom = Math.floor(maxBytes / 2)
  const head: Buffer[] = []
  let headBytes = 0
  let tail: Buffer[] = []
  let tailBytes = 0
  let cut = 0

  const dropFromTail = (): void => {
    const whole = Buffer.concat(tail)
    let start = tailBytes - tailRoom
    while (start < whole.length && isContinuation(whole[start])) start += 1
    cut += start
    tail = [whole.subarray(start)]
    tailBytes = whole.length - start
  }
  const push = (piece: string): void => {
    const bytes = Buffer.from(piece, 'utf8')
    let taken = 0
    if (tailBytes === 0 && cut === 0) {
      taken = Math.min(bytes.length, headRoom - headBytes)
      while (taken > 0 && taken < bytes.length && isContinuation(bytes[taken])) taken -= 1
      head.push(bytes.subarray(0, taken))
      headBytes += taken
    }
    if (taken === bytes.length) return
    tail.push(bytes.subarray(taken))
    tailBytes += bytes.length - taken
    // Twice the room before anything is moved: each byte is then copied once on average.
    if (tailBytes > 2 * tailRoom + 1024) dropFromTail()
  }
  const settle = (): void => {
    if (tailBytes > tailRoom) dropFromTail()
  }
  return {
    push,
    text: () => {
      settle()
      const [first, last] = [Buffer.concat(head).toString('utf8'), Buffer.concat(tail).toString('utf8')]
      return cut === 0 ? first + last : `${first}\n[… ${cut} bytes cut …]\n${last}`
    },
    cutBytes: () => {
      settle()
      return cut
    },
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000
}
