/** Whether the cache is asked at all. Times are milliseconds of any clock that does not jump. */
export interface Breaker {
  /** Faults since the last good answer. */
  readonly faults: number
  /** Until when nothing is asked; `undefined` while it is closed. */
  readonly openUntil: number | undefined
  /** Whether somebody is trying whether the cache is back. */
  readonly trying: boolean
}

/** `probe`: answer at once as `refuse` does, and let one request try whether the cache is back. */
export type Admission = 'go' | 'probe' | 'refuse'

const FAULTS = 3
const OPEN_MS = 30_000

export const CLOSED: Breaker = { faults: 0, openUntil: undefined, trying: false }

export function admit(breaker: Breaker, now: number): { readonly admission: Admission; readonly breaker: Breaker } {
  if (breaker.openUntil === undefined) return { admission: 'go', breaker }
  if (now < breaker.openUntil || breaker.trying) return { admission: 'refuse', breaker }
  return { admission: 'probe', breaker: { ...breaker, trying: true } }
}

/** A good answer closes the breaker; one that was asked for before it opened says nothing about now. */
export function succeeded(breaker: Breaker, isProbe: boolean): Breaker {
  return breaker.openUntil === undefined || isProbe ? CLOSED : breaker
}

export function failed(breaker: Breaker, now: number): Breaker {
  const faults = breaker.faults + 1
  return faults < FAULTS ? { ...breaker, faults } : { faults, openUntil: now + OPEN_MS, trying: false }
}
