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
const say = (line: string): void => void writeSync(1, `${line}\n`)

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
