import type { Audit, AuditEvent } from '../core/access.ts'

/** Denials of one kind that are written in a minute; the others are counted. */
const MOST = 60
const MINUTE = 60_000

interface Seen {
  lines: number
  /** Denials since the last line. */
  unwritten: number
}

/**
 * The same audit for everything but denials of which there are very many: everybody who has an account at an issuer, or
 * reaches a public workspace, can be denied as often as they like, and must not fill the disk. The first line of the next
 * minute says how many were not written.
 */
export function boundDenials<Bounded extends Audit>(audit: Bounded, clock: () => number): Bounded {
  let seen = new Map<string, Seen>()
  let since = clock()

  const append: Audit['append'] = async (event) => {
    if (event.kind !== 'deny') return audit.append(event)
    if (Math.abs(clock() - since) >= MINUTE) {
      since = clock()
      seen = new Map(
        [...seen].filter(([, { unwritten }]) => unwritten > 0).map(([kind, { unwritten }]) => [kind, { lines: 0, unwritten }]),
      )
    }
    const kind = kindOf(event)
    const of = seen.get(kind) ?? { lines: 0, unwritten: 0 }
    seen.set(kind, of)
    if (of.lines >= MOST) {
      of.unwritten += 1
      return undefined
    }
    const { unwritten } = of
    of.lines += 1
    of.unwritten = 0
    return audit.append(unwritten === 0 ? event : { ...event, detail: { ...event.detail, unwritten } })
  }
  return { ...audit, append }
}

/** Who is denied what, for which reason: one scope that is denied much hides no other. */
function kindOf({ workspace, detail }: AuditEvent): string {
  return JSON.stringify([workspace, detail['what'], detail['request'], detail['reason'], detail['scope'], detail['rule']])
}
