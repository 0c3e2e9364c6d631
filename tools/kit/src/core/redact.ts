/** What stands where a secret was. */
export const MASK = '***'

/** Replaces secrets in a text that arrives in pieces. */
export interface Redactor {
  /** Takes the next piece; returns what can be shown already. What may be the start of a secret is held back. */
  readonly push: (piece: string) => string
  /** Returns what was held back. */
  readonly end: () => string
}

/**
 * A redactor for some secrets; empty ones are ignored. The leftmost, then the longest secret is replaced, so the result is
 * the same however the text is cut into pieces.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = [...new Set(secrets)].filter((secret) => secret !== '').sort((left, right) => right.length - left.length)
  const [longest] = known
  if (longest === undefined) return { push: (piece) => piece, end: () => '' }
  const pattern = new RegExp(known.map(escapePattern).join('|'), 'g')
  let pending = ''

  /** Where a secret may begin that the text so far cuts off; `until` when there is no such place before it. */
  const heldFrom = (from: number, until: number): number => {
    for (let start = Math.max(from, pending.length - longest.length + 1); start < until; start += 1) {
      if (mayContinue(start)) return start
    }
    return until < pending.length && mayContinue(until) ? until : -1
  }
  const mayContinue = (start: number): boolean => {
    const rest = pending.slice(start)
    return known.some((secret) => secret.length > rest.length && secret.startsWith(rest))
  }
  const push = (piece: string): string => {
    pending += piece
    let shown = ''
    let position = 0
    for (;;) {
      pattern.lastIndex = position
      const match = pattern.exec(pending)
      const held = heldFrom(position, match?.index ?? pending.length)
      if (held >= 0 || match === null) {
        const stop = held >= 0 ? held : pending.length
        shown += pending.slice(position, stop)
        pending = pending.slice(stop)
        return shown
      }
      shown += pending.slice(position, match.index) + MASK
      position = match.index + match[0].length
    }
  }
  const end = (): string => {
    const rest = pending.replace(pattern, MASK)
    pending = ''
    return rest
  }
  return { push, end }
}

/** A whole text without the secrets. */
export function redact(text: string, secrets: readonly string[]): string {
  const redactor = createRedactor(secrets)
  return redactor.push(text) + redactor.end()
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}
