// The cache server beside nginx and a peer: npm run bench:cache -- [--rounds 3] [--write]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runOk } from '@interlock/kit'
import { measureLoopBack } from './cache/loop-back.ts'
import { renderReport } from './cache/report.ts'
import { SCENARIOS, type Sample, type Scenario } from './cache/scenarios.ts'
import { missing, PEER, startInterlock, startNginx, startPeer, type Subject, type SubjectName } from './cache/subjects.ts'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
const PAGE = join(REPOSITORY, 'apps/docs/content/benchmarks/cache.md')

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, write: { type: 'boolean', default: false } },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds} is no whole number of at least 1`)
const obstacle = missing()
if (obstacle !== undefined) throw new Error(obstacle)

const folder = mkdtempSync(join(tmpdir(), 'interlock-bench-cache-'))
const started: Subject[] = []
try {
  // What is measured is what is installed: compiled.
  await runOk(['npx', 'tsc', '-b', 'apps/cache-server/tsconfig.lib.json'], { cwd: REPOSITORY })
  started.push(await startNginx(join(folder, 'nginx')))
  started.push(await startInterlock(join(folder, 'interlock')))
  started.push(await startPeer(join(folder, 'peer')))
  const before = load()
  const samples = await measureAll(started)
  const nginx = await runOk(['nginx', '-v'])
  const text = renderReport({
    command: `npm run bench:cache -- --rounds ${rounds}`,
    date: new Date().toISOString().slice(0, 10),
    loopBack: await measureLoopBack(),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}; load average before and after: ${before} and ${load()}`,
    samples,
    scenarios: SCENARIOS,
    subjects: {
      interlock: 'this server on a directory, with the defaults of one machine: a token, scopes, SHA-256 of every upload',
      nginx: `${nginx.stderr.trim().replace('nginx version: ', '')}, one worker`,
      peer: `${PEER.replace('@', ' ')} on a directory`,
    },
  })
  process.stdout.write(text)
  if (values.write) writeFileSync(PAGE, text)
} finally {
  for (const subject of started) await subject.stop()
  rmSync(folder, { force: true, recursive: true })
}

async function measureAll(subjects: readonly Subject[]): Promise<Map<Scenario['key'], Map<SubjectName, Sample[]>>> {
  const samples = new Map<Scenario['key'], Map<SubjectName, Sample[]>>()
  for (const { key, title, prepare, run } of SCENARIOS) {
    const ofScenario = new Map<SubjectName, Sample[]>(subjects.map(({ name }) => [name, []]))
    samples.set(key, ofScenario)
    for (const subject of subjects) await prepare?.(subject)
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of subjects) {
        const sample = await run(subject, round)
        ofScenario.get(subject.name)?.push(sample)
        console.error(`${title}, round ${round + 1}: ${subject.name} ${(sample.cpu * 1000).toFixed(3)} ms`)
      }
    }
  }
  return samples
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1)
}
