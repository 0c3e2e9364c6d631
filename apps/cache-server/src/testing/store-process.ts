/**
 * A process that uses a store on a directory, to be killed: `store-process.ts <directory> <scenario> [<call>:<number>:<when>]`.
 * It writes a line before and after each thing it does, so that whoever killed it knows what was acknowledged.
 */
import { writeSync } from 'node:fs'
import { openDiskStore } from '../io/stores/disk/disk-store.ts'
import { armKill } from './kill-point.ts'
import { compact, each, endless, hold, probe } from './store-scenarios.ts'
import { fill } from './full-disk.ts'

const [directory = '', scenario = '', point] = process.argv.slice(2)
/** Written at once, since the process may be killed at any moment; again where the pipe is full and says so. */
const say = (line: string): void => {
  for (let rest = Buffer.from(`${line}\n`); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
  }
}

if (scenario === 'each' || scenario === 'compact') await armKill(point, say)
if (scenario === 'compact') await compact(directory, say)
if (scenario === 'full') await fill(directory, say)
const run = { each, endless, hold, probe }[scenario]
if (run !== undefined) {
  const store = await openDiskStore({ directory, durability: 'none', now: () => Date.now(), onEvent: () => undefined })
  say('open')
  await run({ store, say, first: Number(point) })
  await store.close()
}
say('closed')
