import { byText } from './order.ts'
import { isTable, type TomlValue } from './toml.ts'

/** One line of text that is the same for the same TOML value, whatever its layout or the order of its keys. */
export function canonical(value: TomlValue): string {
  if (Array.isArray(value)) return `[${value.map((item: TomlValue) => canonical(item)).join(',')}]`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  if (!isTable(value)) return (value as Date).toISOString()
  const entries = Object.entries(value).sort(([left], [right]) => byText(left, right))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}
