import type { EditValue } from './edit.ts'

/** A value as TOML on one line. */
export function tomlText(value: EditValue): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return String(value)
  if (isList(value)) return `[${value.map(tomlText).join(', ')}]`
  const pairs = Object.entries(value).map(([key, item]) => `${keyText([key])} = ${tomlText(item)}`)
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}

/** A dotted key, quoted where it must be. */
export function keyText(path: readonly string[]): string {
  return path.map((key) => (/^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key))).join('.')
}

/** JSON's escapes are TOML's, but for the delete character, which TOML wants escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u007F', String.raw`\u007f`)
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value)
}

function isList(value: EditValue): value is readonly EditValue[] {
  return Array.isArray(value)
}
