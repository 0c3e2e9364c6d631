/** Whether the store has been failing for so long that nobody should wait for it. */
export interface Outage {
  readonly failed: () => void
  readonly worked: () => void
  readonly isLasting: () => boolean
}

/** Nx offers an artifact six times, in the worst case within one second, and fails its run when none of them went well. */
const LASTING_MILLISECONDS = 500

export function createOutage(clock: () => number): Outage {
  let since: number | undefined
  return {
    failed: () => {
      since ??= clock()
    },
    worked: () => {
      since = undefined
    },
    isLasting: () => since !== undefined && clock() - since >= LASTING_MILLISECONDS,
  }
}
