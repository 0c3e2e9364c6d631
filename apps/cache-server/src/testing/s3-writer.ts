import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openS3Store } from '../io/stores/s3/s3-store.ts'
import { sectionOf } from './s3-server.ts'
import { getBytes, putBytes, sampleKey } from './store-samples.ts'
import { payloadOf, REMOVABLE } from './store-payload.ts'

// A replica in a process of its own, to be killed: it publishes, reads and sometimes removes, and says each time what it
// begins and what is acknowledged.
//
//   node s3-writer.ts <endpoint> <bucket> <name> <keys> <first>

const [endpoint = '', bucket = '', name = '', keys = '', first = ''] = process.argv.slice(2)
const store = await openS3Store({ now: Date.now, onEvent: () => undefined, section: sectionOf(bucket, endpoint) })
say({ kind: 'ready' })

await Promise.all([0, 1, 2].map(async (lane) => work(lane)))

async function work(lane: number): Promise<void> {
  for (let step = Number(first) + lane; ; step += 3) {
    const number = createHash('sha256').update(`${name} ${step}`).digest().readUInt32BE()
    const index = number % Number(keys)
    const key = sampleKey({ hash: `key-${index}` })
    const job = `${name}-${step}`
    if (index % REMOVABLE === 0 && step % 2 === 0) {
      say({ kind: 'removing', key: key.hash })
      for (const entry of await store.remove([key])) say({ job: entry.writer.job ?? '', key: key.hash, kind: 'removed' })
      continue
    }
    say({ job, key: key.hash, kind: 'begin' })
    const outcome = await putBytes(store, key, payloadOf(job), job)
    say({ job, key: key.hash, kind: outcome })
    await getBytes(store, key)
  }
}

/** Written at once: what was said before the kill is never lost. */
function say(line: Readonly<Record<string, string>>): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}
