import { setMaxListeners } from 'node:events'
import { admit, type Breaker, CLOSED, failed, succeeded } from '../core/breaker.ts'
import { Fault } from '../core/fault.ts'

/** Lets requests through to the cache: a few at a time, and none while the cache is known to be ill. */
export interface Gatekeeper {
  /** Resolves when it is this request's turn; `undefined` where the breaker opened while it waited. */
  readonly enter: () => Promise<Turn | undefined>
  readonly admission: () => 'go' | 'probe' | 'refuse'
  readonly good: (isProbe?: boolean) => void
  readonly bad: () => void
  readonly breaker: () => Breaker
}

export interface Turn {
  readonly leave: () => void
  /** Aborted when the breaker opens: nobody waits for an answer that three others did not get. */
  readonly signal: AbortSignal
}

const AT_ONCE = 32
const MOST_WAITING = 4096
const MOST_WAIT_MS = 10_000

/** `now` counts milliseconds and never jumps. */
export function createGatekeeper(now: () => number): Gatekeeper {
  let breaker = CLOSED
  let running = 0
  let opening = controller()
  const waiting: { readonly go: () => void; readonly refuse: () => void }[] = []

  const leave = (): void => {
    running -= 1
    waiting.shift()?.go()
  }
  const turn = (): Turn => {
    running += 1
    return { leave, signal: opening.signal }
  }
  const refuseAll = (): void => {
    for (const each of waiting.splice(0)) each.refuse()
    opening.abort()
    opening = controller()
  }
  return {
    enter: async () => {
      if (running < AT_ONCE) return turn()
      if (waiting.length >= MOST_WAITING) throw new Fault('too many requests waiting', `${MOST_WAITING} wait already`)
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(new Fault('too many requests waiting', `waited ${MOST_WAIT_MS} ms`))
        }, MOST_WAIT_MS)
        const entry = {
          go: () => {
            clearTimeout(timer)
            resolve(turn())
          },
          refuse: () => {
            clearTimeout(timer)
            resolve(undefined)
          },
        }
        waiting.push(entry)
      })
    },
    admission: () => {
      const { admission, breaker: next } = admit(breaker, now())
      breaker = next
      return admission
    },
    good: (isProbe = false) => void (breaker = succeeded(breaker, isProbe)),
    bad: () => {
      breaker = failed(breaker, now())
      if (breaker.openUntil !== undefined) refuseAll()
    },
    breaker: () => breaker,
  }
}

/** As many listen as there are requests. */
function controller(): AbortController {
  const made = new AbortController()
  setMaxListeners(0, made.signal)
  return made
}
