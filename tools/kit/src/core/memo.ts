/** Remembers the values of a pure function by a key: the digests of what it is computed from. */
export type Memo<Value> = (key: string, compute: () => Value) => Value

/**
 * Keeps the `limit` values that were asked for last. A failure is never remembered: the next call computes again, so that
 * a long-lived daemon recovers as soon as the file is mended.
 */
export function createMemo<Value>(limit: number): Memo<Value> {
  const values = new Map<string, Value>()
  return (key, compute) => {
    const known = values.get(key)
    const value = known ?? compute()
    if (known !== undefined) values.delete(key)
    values.set(key, value)
    const oldest = values.keys().next()
    if (values.size > limit && oldest.done !== true) values.delete(oldest.value)
    return value
  }
}
