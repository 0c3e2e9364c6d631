import { randomBytes } from 'node:crypto'
import { send, type Sent } from './load.ts'
import { hammer } from './hammer.ts'
import type { Subject } from './subjects.ts'

/** What one subject did in one round. */
export interface Sample {
  /** Seconds of processor time of the server for each request. */
  readonly cpu: number
  readonly bytesPerSecond: number
  readonly peakBytes: number
  readonly errors: readonly string[]
}

export interface Scenario {
  readonly key: 'burst' | 'get-1kb' | 'get-1mb' | 'put-100mb' | 'put-32'
  readonly title: string
  readonly prepare?: (subject: Subject) => Promise<void>
  readonly run: (subject: Subject, round: number) => Promise<Sample>
}

const KB = 1024
const MB = 1024 * KB
/** Of each burst, as a build of 300 tasks on 20 machines makes it. */
const [TASKS, CLIENTS] = [300, 20]
const small = randomBytes(KB)
const middle = randomBytes(MB)
const large = randomBytes(100 * MB)

export const SCENARIOS: readonly Scenario[] = [
  {
    key: 'get-1kb',
    title: '1 KB GET, hot, on 64 connections',
    prepare: async (subject) => put(subject, 'small', small),
    run: async (subject) => measure(subject, async () => hammer(subject, 'small', 64)),
  },
  {
    key: 'get-1mb',
    title: '1 MB GET, on 16 connections',
    prepare: async (subject) => put(subject, 'middle', middle),
    run: async (subject) => measure(subject, async () => hammer(subject, 'middle', 16)),
  },
  {
    key: 'put-100mb',
    title: '100 MB PUT, one at a time',
    run: async (subject, round) =>
      measure(subject, async () =>
        send(subject, { atOnce: 1, body: large, method: 'PUT', name: (index) => `large-${round}-${index}`, requests: 5 }),
      ),
  },
  {
    key: 'put-32',
    title: '100 MB PUT, 32 at once',
    run: async (subject, round) =>
      measure(subject, async () =>
        send(subject, { atOnce: 32, body: large, method: 'PUT', name: (index) => `many-${round}-${index}`, requests: 32 }),
      ),
  },
  {
    key: 'burst',
    title: `${TASKS} GETs of 1 KB from each of ${CLIENTS} clients, each on a connection of its own, all at once`,
    prepare: async (subject) => put(subject, 'small', small),
    run: async (subject) =>
      measure(subject, async () =>
        send(subject, {
          atOnce: TASKS * CLIENTS,
          keepAlive: false,
          method: 'GET',
          name: () => 'small',
          requests: TASKS * CLIENTS,
        }),
      ),
  },
]

async function measure(subject: Subject, load: () => Promise<Sent>): Promise<Sample> {
  subject.tree.forgetPeak()
  const before = subject.tree.cpuSeconds()
  const { bytes, done, errors, seconds } = await load()
  const cpu = (subject.tree.cpuSeconds() - before) / (done + errors.length)
  return { bytesPerSecond: bytes / seconds, cpu, errors, peakBytes: subject.tree.peakBytes() }
}

async function put(subject: Subject, name: string, body: Buffer): Promise<void> {
  const { errors }: Sent = await send(subject, { atOnce: 1, body, method: 'PUT', name: () => name, requests: 1 })
  // Ours keeps what the first writer of a key brought, and says so.
  if (errors.length > 0 && errors[0] !== 'status 409')
    throw new Error(`${subject.name}: the upload before the measurement: ${errors[0]}`)
}
