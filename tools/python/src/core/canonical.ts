import { byText, isTable, type TomlValue } from '@interlock/kit'

/** A TOML value as one line of JSON with sorted keys: the same for every layout of the same value. */
export function canonical(value: TomlValue): string {
  if (Array.isArray(value)) return `[${(value as readonly TomlValue[]).map((item) => canonical(item)).join(',')}]`
  if (isTable(value)) {
    const keys = Object.keys(value).sort(byText)
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? '')}`).join(',')}}`
  }
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}
