/** A node of a YAML file with its place. Aliases are followed already. */
export interface Value {
  readonly kind: 'map' | 'list' | 'text' | 'number' | 'boolean' | 'null'
  /** Offset of the first character, and the one after the last. */
  readonly from: number
  readonly to: number
  /** What a scalar says. For a number or a boolean: as it is written. Empty for all that is no scalar. */
  readonly text: string
  /** A text between quotes, a block (`|`, `>`), or as it is. */
  readonly style: 'plain' | 'quoted' | 'block'
  readonly entries: readonly Entry[]
  readonly items: readonly Value[]
}

/** One key of a map with its value. */
export interface Entry {
  readonly key: string
  /** Offset of the key. */
  readonly at: number
  readonly value: Value
}

/** The value below some keys; `undefined` where one of them is missing. */
export function valueAt(value: Value | undefined, ...keys: readonly string[]): Value | undefined {
  return keys.reduce<Value | undefined>((inner, key) => entryAt(inner, key)?.value, value)
}

export function entryAt(value: Value | undefined, key: string): Entry | undefined {
  return value?.entries.find((entry) => entry.key === key)
}

/** What a scalar says below some keys; empty where there is none. */
export function textAt(value: Value | undefined, ...keys: readonly string[]): string {
  return valueAt(value, ...keys)?.text ?? ''
}

/** One scalar or a list of them, as many keys of GitHub Actions take both. */
export function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value.kind === 'null') return []
  return value.kind === 'list' ? value.items : [value]
}

/** Every scalar below a value with the keys that lead to it. */
export function* scalarsBelow(
  value: Value,
  path: readonly string[] = [],
): Generator<{ readonly path: readonly string[]; readonly value: Value }> {
  if (value.kind === 'map') for (const entry of value.entries) yield* scalarsBelow(entry.value, [...path, entry.key])
  else if (value.kind === 'list')
    for (const [index, item] of value.items.entries()) yield* scalarsBelow(item, [...path, String(index)])
  else yield { path, value }
}
