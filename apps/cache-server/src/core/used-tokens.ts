/** Which identity tokens were exchanged already. */
export interface UsedTokens {
  /** Notes a token as used until it expires. `full` when nothing more can be remembered. */
  readonly use: (id: string, expires: number, now: number) => 'first' | 'full' | 'used'
}

/**
 * Remembers at most so many tokens. A token is forgotten only once it has expired, because forgetting it earlier would let
 * it be used again: when the memory is full, nobody new gets in until one of them has.
 */
export function usedTokens(most: number): UsedTokens {
  const known = new Map<string, number>()
  const sweep = (now: number): void => {
    for (const [id, expires] of known) if (expires < now) known.delete(id)
  }
  return {
    use: (id, expires, now) => {
      const until = known.get(id)
      if (until !== undefined && until >= now) return 'used'
      if (known.size >= most) sweep(now)
      if (known.size >= most) return 'full'
      known.set(id, expires)
      return 'first'
    },
  }
}
