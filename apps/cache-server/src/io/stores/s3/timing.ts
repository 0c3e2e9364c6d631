/** How long things may take, in milliseconds. */
export interface Timing {
  /** Until a connection stands. */
  readonly connect: number
  /** Until the first byte of an answer, per attempt. */
  readonly firstByte: number
  /** The same for a request that carries up to `PART_BYTES`. */
  readonly upload: number
  /** Without a byte in either direction. */
  readonly stall: number
  /** From the first byte of an upload to the bucket until its row is written. */
  readonly publish: number
  /** How long bytes that no row names stay: far more than `publish`, and than any reader needs to open them. */
  readonly grace: number
  /** Between two sweeps, by all replicas together. */
  readonly sweepEvery: number
  /** How often each replica asks whether a sweep is due: one is done when the others are gone. */
  readonly askEvery: number
  /** The last use of an entry is noted once in that time. */
  readonly usedEvery: number
  /** Uses are written together once in that time. */
  readonly flushEvery: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

export const TIMING: Timing = {
  connect: 2 * SECOND,
  firstByte: 5 * SECOND,
  upload: MINUTE,
  stall: 10 * SECOND,
  publish: 15 * MINUTE,
  grace: 2 * HOUR,
  sweepEvery: HOUR,
  askEvery: 15 * MINUTE,
  usedEvery: 24 * HOUR,
  flushEvery: MINUTE,
}

/** Attempts at each request, all together. */
export const ATTEMPTS = 3
/** What one request carries at most; larger artifacts go up in parts. */
export const PART_BYTES: number = 8 * 1024 * 1024
