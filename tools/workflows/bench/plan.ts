import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { printPipeline } from '../src/core/model/print.ts'
import { pipelineOf } from '../src/core/pipeline/pipeline.ts'
import { pipelineFacts } from '../src/io/facts.ts'
import { qualityOf } from './plan/quality.ts'
import { renderReport, type Time } from './plan/report.ts'
import { traceOf } from './plan/traces.ts'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
const COMMANDS: readonly (readonly string[])[] = [['ci', 'generate', '--check']]

/** Every process of the command says at its end what it used. */
const REPORT_CPU =
  'process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write(`\\ncpu ${(user+system)/1000}\\n`)})'

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: '300' },
    runs: { type: 'string', default: '5' },
    out: { type: 'string' },
  },
})
const [traces, runs] = [values.traces, values.runs].map((text) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`"${text}" is no whole number of at least 1`)
  return value
}) as [number, number]

const files = printPipeline(pipelineOf(pipelineFacts(REPOSITORY)))
const workflows = Object.entries(files).filter(([path]) => path.startsWith('.github/workflows/'))
const text = renderReport({
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}; load average ${loadavg()[0]?.toFixed(1)}`,
  command: `npm run bench:plan -- --traces ${traces} --runs ${runs}`,
  traces,
  qualities: Array.from({ length: traces }, (_, seed) => qualityOf(traceOf(seed))),
  commands: Object.fromEntries(COMMANDS.map((words) => [`interlock ${words.join(' ')}`, timesOf(words)])),
  lines: Object.fromEntries(workflows.map(([path, content]) => [path, content.trimEnd().split('\n').length])),
})
process.stdout.write(text)
if (values.out !== undefined) writeFileSync(values.out, text)

function timesOf(words: readonly string[]): Time[] {
  return Array.from({ length: runs }, () => {
    const begin = performance.now()
    const ended = spawnSync(process.execPath, [join(REPOSITORY, 'tools/cli/bin/interlock.js'), ...words], {
      cwd: REPOSITORY,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(REPORT_CPU)}` },
    })
    if (ended.status !== 0) throw new Error(`${words.join(' ')}: status ${ended.status}\n${ended.stdout}${ended.stderr}`)
    const cpu = [...ended.stderr.matchAll(/^cpu ([\d.]+)$/gmu)].reduce((sum, [, ms]) => sum + Number(ms), 0)
    return { cpu, wall: performance.now() - begin }
  })
}
