import { admit, type Breaker, CLOSED, failed, succeeded } from '../core/breaker.ts'
import { Fault } from '../core/fault.ts'

/** Lets requests through to the cache: a few at a time, and none while the cache is known to be ill. */
export interface Gatekeeper {
  /** Resolves when it is this request's turn, with the function that ends it. */
  readonly enter: () => Promise<() => void>
  readonly admission: () => 'go' | 'probe' | 'refuse'
  readonly good: (isProbe?: boolean) => void
  readonly bad: () => void
  readonly breaker: () => Breaker
}

const AT_ONCE = 32
const MOST_WAITING = 4096
const MOST_WAIT_MS = 10_000

/** `now` counts milliseconds and never jumps. */
export function createGatekeeper(now: () => number): Gatekeeper {
  let breaker = CLOSED
  let running = 0
  const waiting: { readonly go: () => void; readonly refuse: (fault: Fault) => void }[] = []

  const leave = (): void => {
    running -= 1
    waiting.shift()?.go()
  }
  const turn = (): (() => void) => {
    running += 1
    let left = false
    return () => {
      if (!left) leave()
      left = true
    }
  }
  const refuseAll = (): void => {
    for (const each of waiting.splice(0)) each.refuse(new Fault('too many requests waiting', 'the cache is not asked at present'))
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
          refuse: (fault: Fault) => {
            clearTimeout(timer)
            reject(fault)
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
