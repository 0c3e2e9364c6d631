import { data } from '@actions/expressions'

interface Pair {
  readonly key: string
  readonly value: data.ExpressionData
}

/** Values of which only some are known here: reading another one has to be an error, not the empty text. */
export class PartlyKnown {
  readonly known: Readonly<Record<string, unknown>>
  /** Why the others are not known, as the end of `the value x is not known: …`. */
  readonly why: string

  constructor(known: Readonly<Record<string, unknown>>, why: string) {
    this.known = known
    this.why = why
  }
}

export class UnknownValueError extends Error {
  override readonly name = 'UnknownValueError'
}

/** The library's own dictionary loses keys that every object of JavaScript has, such as `constructor`. */
export class Context extends data.Dictionary {
  private readonly entries = new Map<string, Pair>()
  private readonly why: string | undefined

  constructor(pairs: readonly Pair[], why?: string) {
    super()
    this.why = why
    for (const { key, value } of pairs) this.add(key, value)
  }

  override add(key: string, value: data.ExpressionData): void {
    if (!this.entries.has(key.toLowerCase())) this.entries.set(key.toLowerCase(), { key, value })
  }

  override get(key: string): data.ExpressionData | undefined {
    const entry = this.entries.get(key.toLowerCase())
    if (entry === undefined) this.expectWhole(JSON.stringify(key))
    return entry?.value
  }

  override values(): data.ExpressionData[] {
    return this.pairs().map(({ value }) => value)
  }

  override pairs(): Pair[] {
    this.expectWhole('of all of them')
    return [...this.entries.values()]
  }

  private expectWhole(asked: string): void {
    if (this.why !== undefined) throw new UnknownValueError(`the value ${asked} is not known: ${this.why}`)
  }
}

/** A plain value as expressions take it. */
export function dataOf(value: unknown): data.ExpressionData {
  if (value instanceof PartlyKnown) return new Context(pairsOf(value.known), value.why)
  if (typeof value === 'string') return new data.StringData(value)
  if (typeof value === 'number') return new data.NumberData(value)
  if (typeof value === 'boolean') return new data.BooleanData(value)
  if (Array.isArray(value)) return new data.Array(...value.map(dataOf))
  if (typeof value === 'object' && value !== null) return new Context(pairsOf(value))
  return new data.Null()
}

function pairsOf(value: object): Pair[] {
  return Object.entries(value).map(([key, item]) => ({ key, value: dataOf(item) }))
}

/** A value of an expression as a plain one. */
export function plainOf(value: data.ExpressionData): unknown {
  if (value instanceof data.Null) return null
  if (value instanceof data.StringData || value instanceof data.NumberData || value instanceof data.BooleanData)
    return value.value
  if (value instanceof data.Array) return value.values().map(plainOf)
  return Object.fromEntries(value.pairs().map(({ key, value: item }) => [key, plainOf(item)]))
}
