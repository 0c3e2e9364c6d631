/**
 * A process that inspects an artifact of zeros, to be measured: `inspect-process.ts <MiB> <cap in MiB>`. It says the verdict
 * and how much its memory grew at most, in MiB.
 */
import { createGzip } from 'node:zlib'
import { Readable } from 'node:stream'
import { inspectArtifact } from '../io/inspect-artifact.ts'
import { NX_ENTRIES, tarOf } from './tar.ts'

const MIB = 1024 * 1024
const [size = 0, cap = 0] = process.argv.slice(2).map(Number)

function* archive(): Generator<Buffer> {
  const file = tarOf([{ name: 'zeros', size: size * MIB }])
  yield file
  for (let count = 0; count < size; count += 1) yield Buffer.alloc(MIB)
  yield Buffer.concat([tarOf(NX_ENTRIES), Buffer.alloc(1024)])
}

const compressed: Buffer[] = []
for await (const chunk of Readable.from(archive()).pipe(createGzip({ level: 9 }))) compressed.push(chunk as Buffer)
globalThis.gc?.()
const before = process.memoryUsage.rss()
let peak = before
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 1)
const limits = { maxEntries: 10, maxInflated: cap * MIB, maxRatio: 2000 }
const inspection = await inspectArtifact(Readable.from(compressed), { tool: 'nx', limits })
clearInterval(watch)
process.stdout.write(`${JSON.stringify({ inspection, grown: Math.round((peak - before) / MIB) })}\n`)
