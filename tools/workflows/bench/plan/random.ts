/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 to 1, without 1. */
  readonly next: () => number
  /** A whole number from `least` to `most`. */
  readonly whole: (least: number, most: number) => number
  /** A positive number whose logarithm is normal: half of them lie below `median`. */
  readonly skewed: (median: number, spread: number) => number
}

/** Marsaglia's xorshift of 32 bits. */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 2654435761) >>> 0 || 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state = (state ^ (state << 5)) >>> 0
    return state / 2 ** 32
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    skewed: (median, spread) => median * Math.exp(spread * normal()),
  }
}
