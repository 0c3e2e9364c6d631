import type { EntryKey } from '../core/entry.ts'
import { sampleBytes, sampleKey } from './store-samples.ts'

/** Sizes from nothing over one write to many. */
const SIZES = [0, 700, 20_000, 300_000, 1_300_000]

/** The key that a job writes. */
export function jobKey(job: number): EntryKey {
  return sampleKey({ hash: `job-${job}` })
}

/** The bytes of a job: those of 101 are those of 1, and so on up to 199; all others have their own. */
export function jobBytes(job: number): Buffer {
  const number = job > 100 && job < 200 ? job - 100 : job
  return sampleBytes(`job ${number}`, SIZES[number % SIZES.length] ?? 0)
}
