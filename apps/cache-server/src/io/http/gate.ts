/** Lets a bounded number of requests in at once; the others wait in a bounded queue, in their order. */
export interface Gate {
  /** `true` when there is room, a promise when there will be; `false` says that the queue is full or the wait too long. */
  readonly enter: () => boolean | Promise<boolean>
  /** Gives the room back; exactly once for each entry. */
  readonly leave: () => void
  readonly inside: () => number
  readonly waiting: () => number
}

export interface GateLimits {
  readonly inside: number
  readonly waiting: number
  /** Milliseconds after which a request stops waiting. */
  readonly patience: number
}

interface Waiter {
  readonly settle: (entered: boolean) => void
  readonly timer: NodeJS.Timeout
}

export function createGate({ inside: most, waiting: longest, patience }: GateLimits): Gate {
  const queue = new Set<Waiter>()
  let inside = 0

  const wait = async (): Promise<boolean> =>
    new Promise((resolve) => {
      const waiter: Waiter = {
        settle: (entered) => {
          clearTimeout(waiter.timer)
          queue.delete(waiter)
          resolve(entered)
        },
        timer: setTimeout(() => waiter.settle(false), patience),
      }
      queue.add(waiter)
    })

  return {
    enter: () => {
      if (inside < most) {
        inside += 1
        return true
      }
      return queue.size < longest && wait()
    },
    leave: () => {
      const [next] = queue
      if (next === undefined) inside -= 1
      else next.settle(true)
    },
    inside: () => inside,
    waiting: () => queue.size,
  }
}
