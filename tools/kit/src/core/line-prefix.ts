/** Puts a prefix before each line of a text that arrives in pieces. */
export interface LinePrefixer {
  /** Takes the next piece; returns the lines that are complete, prefixed. */
  readonly push: (piece: string) => string
  /** Returns the last line if it had no line feed, prefixed and with one. */
  readonly end: () => string
}

/** A prefixer; lines end at a line feed, and a carriage return inside a line is kept. */
export function createLinePrefixer(prefix: string): LinePrefixer {
  let pending = ''
  return {
    push: (piece) => {
      const lines = (pending + piece).split('\n')
      pending = lines.pop() ?? ''
      return lines.map((line) => `${prefix}${line}\n`).join('')
    },
    end: () => {
      const last = pending
      pending = ''
      return last === '' ? '' : `${prefix}${last}\n`
    },
  }
}
