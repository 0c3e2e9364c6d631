import { sampleBytes } from './store-samples.ts'

/** One key in so many is removed now and then; what is published under the others stays. */
export const REMOVABLE = 4

/** What a job publishes: some kilobytes, for one in forty more than goes up in one request. */
export function payloadOf(job: string): Buffer {
  const number = Buffer.from(job).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7)
  return sampleBytes(job, number % 40 === 0 ? 9 * 1024 * 1024 : 1 + (number % 40_000))
}
