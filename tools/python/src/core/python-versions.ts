import { createMemo, type Memo } from '@interlock/kit'

const allowed: Memo<readonly string[]> = createMemo(64)

/** Those of some `major.minor` versions that `allowsPython`. Many projects ask the same. */
export function allowedPythons(constraint: string | undefined, versions: readonly string[]): readonly string[] {
  const key = JSON.stringify([constraint ?? null, versions])
  return allowed(key, () => versions.filter((version) => allowsPython(constraint, version)))
}

/** Whether a `major.minor` version can satisfy a `requires-python` (or a constraint of Poetry). An unknown form excludes nothing. */
export function allowsPython(constraint: string | undefined, version: string): boolean {
  if (constraint === undefined) return true
  const minor = minorOf(version)
  if (minor === undefined) return true
  return constraint.split('||').some((choice) =>
    choice
      .split(',')
      .map((clause) => clause.trim())
      .filter((clause) => clause !== '')
      .every((clause) => satisfies(clause, minor)),
  )
}

function satisfies(clause: string, minor: number): boolean {
  const match = /^(>=|<=|>|<|===?|!=|~=|\^|~)?\s*(\d+(?:\.\d+)*)(\.\*)?/.exec(clause)
  const written = match?.[2]
  const limit = written === undefined ? undefined : minorOf(written)
  if (match === null || written === undefined || limit === undefined) return true
  const parts = written.split('.').length
  const patched = Number(written.split('.')[2] ?? 0) > 0
  switch (match[1] ?? '==') {
    case '>=':
      return minor >= limit
    case '>':
      return parts > 2 ? minor >= limit : minor > limit
    case '<=':
      return minor <= limit
    case '<':
      return patched ? minor <= limit : minor < limit
    case '!=':
      return match[3] === undefined && parts > 2 ? true : minor !== limit
    case '^':
      return minor >= limit && Math.floor(minor / 1000) === Math.floor(limit / 1000)
    case '~=':
      return parts > 2 ? minor === limit : minor >= limit && Math.floor(minor / 1000) === Math.floor(limit / 1000)
    case '~':
      return parts > 1 ? minor === limit : Math.floor(minor / 1000) === Math.floor(limit / 1000)
    default:
      return parts === 1 ? Math.floor(minor / 1000) === Math.floor(limit / 1000) : minor === limit
  }
}

/** `3.9` → 3009. */
function minorOf(version: string): number | undefined {
  const match = /^(\d+)(?:\.(\d+))?/.exec(version)
  return match === null ? undefined : Number(match[1]) * 1000 + Number(match[2] ?? 0)
}
