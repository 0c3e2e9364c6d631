/** Compares by UTF-16 code units: the same order on every machine, whatever its locale. */
export function byText(left: string, right: string): number {
  if (left < right) return -1
  return left > right ? 1 : 0
}

/** A comparator over one text of each item: `items.sort(by((item) => item.name))`. */
export function by<Item>(textOf: (item: Item) => string): (left: Item, right: Item) => number {
  return (left, right) => byText(textOf(left), textOf(right))
}

/** The distinct texts, in the order of `byText`. */
export function sortedUnique(texts: Iterable<string>): string[] {
  const list = [...texts]
  const isSorted = list.every((text, index) => index === 0 || (list[index - 1] ?? '') < text)
  return isSorted ? list : [...new Set(list)].sort(byText)
}

/** A copy whose keys are in the order of `byText`. Values are not copied. */
export function sortedRecord<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(by(([key]) => key)))
}
