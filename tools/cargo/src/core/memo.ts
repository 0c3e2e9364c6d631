/** A bounded map from the digest of an input to the value made of it. Errors are never kept: a mended file is read again. */
export interface Memo<Value> {
  readonly get: (key: string, make: () => Value) => Value
}

/** Keeps the `limit` values that were used last. */
export function createMemo<Value>(limit: number): Memo<Value> {
  const values = new Map<string, Value>()
  return {
    get(key, make) {
      const known = values.get(key)
      const value = known ?? make()
      values.delete(key)
      values.set(key, value)
      if (values.size > limit) for (const [oldest] of values) if (values.size > limit) values.delete(oldest)
      return value
    },
  }
}
