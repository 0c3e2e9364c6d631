/**
 * Remembers the values of a pure function by key, the oldest forgotten first. A failure is never remembered: the next
 * call computes again, so that a long-lived daemon recovers as soon as the file is mended.
 */
export function createMemo<Value>(limit: number): (key: string, compute: () => Value) => Value {
  const values = new Map<string, Value>()
  return (key, compute) => {
    const known = values.get(key)
    if (known !== undefined) {
      values.delete(key)
      values.set(key, known)
      return known
    }
    const value = compute()
    values.set(key, value)
    const oldest = values.keys().next()
    if (values.size > limit && oldest.done !== true) values.delete(oldest.value)
    return value
  }
}
