/**
 * Milliseconds since the epoch from a clock that only ever goes forward at its own pace: it is read from the wall once, and
 * when somebody sets the wall's clock a day on or back, nothing becomes older or younger.
 */
export function createSteadyClock(wall: () => number, monotonic: () => number): () => number {
  const offset = wall() - monotonic()
  return () => Math.round(offset + monotonic())
}
