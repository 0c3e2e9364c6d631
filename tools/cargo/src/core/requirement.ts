/**
 * Whether a version may satisfy a requirement as Cargo reads it (`1.2`, `^1`, `~1.2`, `=1.0.3`, `1.*`, `>=1, <3`). What is
 * not understood, pre-releases among it, may always: the answer only narrows a choice that would otherwise take both.
 */
export function maySatisfy(version: string, requirement: string | undefined): boolean {
  const actual = /^(\d+)\.(\d+)\.(\d+)(?:\+.*)?$/.exec(version)?.slice(1).map(Number)
  if (actual === undefined || requirement === undefined) return true
  return requirement.split(',').every((part) => one(actual, part.trim()))
}

function one(actual: readonly number[], text: string): boolean {
  const match = /^(=|\^|~|>=|<=|>|<)?\s*(\d+)(?:\.(\d+|[*xX]))?(?:\.(\d+|[*xX]))?$/.exec(text)
  if (match === null) return true
  const [, operator, ...written] = match
  const parts = written.filter((part) => part !== undefined && /^\d+$/.test(part)).map(Number)
  const wild = written.some((part) => part !== undefined && /[*xX]/.test(part))
  const order = compare(actual, parts)
  const same = (count: number): boolean => parts.slice(0, count).every((part, index) => part === actual[index])
  if (operator === '>=') return order >= 0
  if (operator === '<=') return order <= 0
  if (operator === '>') return order > 0
  if (operator === '<') return order < 0
  if (operator === '=' || wild) return same(parts.length)
  if (operator === '~') return order >= 0 && same(Math.min(parts.length, 2))
  const significant = parts.findIndex((part) => part > 0)
  return order >= 0 && same(significant < 0 ? parts.length : significant + 1)
}

/** Compares as far as the requirement is written: `1.2.9` is neither above nor below `1.2`. */
function compare(actual: readonly number[], parts: readonly number[]): number {
  for (const [index, part] of parts.entries()) if (actual[index] !== part) return (actual[index] ?? 0) - part
  return 0
}
