import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import { measureHanging } from './shield/hanging.ts'
import { measureOverhead } from './shield/overhead.ts'
import { measureRuns } from './shield/runs.ts'

const [processor] = cpus()
console.log(
  `${processor?.model ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${platform()} ${release()}`,
)
console.log(
  `Node ${process.versions.node}, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}\n`,
)

const overhead = await measureOverhead({ rounds: 20, perRound: 100 })
console.log('1 kB hit, one after the other, median of all rounds')
console.log(`  server alone            ${overhead.direct.toFixed(2)} ms`)
console.log(`  listener, shield, server${overhead.shielded.toFixed(2)} ms`)
console.log(`  overhead                ${(overhead.shielded - overhead.direct).toFixed(2)} ms (target: at most 1 ms)\n`)

const runs = await measureRuns({ tasks: 300, rounds: 5 })
console.log('nx run-many of 300 tasks, all hits, interleaved')
console.log(`  local cache             median ${runs.local.median.toFixed(0)} ms, best ${runs.local.best.toFixed(0)} ms`)
console.log(`  server alone            median ${runs.direct.median.toFixed(0)} ms, best ${runs.direct.best.toFixed(0)} ms`)
console.log(`  shield and server       median ${runs.shielded.median.toFixed(0)} ms, best ${runs.shielded.best.toFixed(0)} ms`)
console.log(
  `  ratio                   median ${(runs.shielded.median / runs.local.median).toFixed(2)}, best ${(runs.shielded.best / runs.local.best).toFixed(2)} (target: at most 1.15)\n`,
)

const hanging = await measureHanging({ tasks: 40 })
console.log('nx run-many of 40 tasks without any hit')
console.log(`  without a cache         ${hanging.without.toFixed(0)} ms`)
console.log(
  `  the server hangs, first ${hanging.first.toFixed(0)} ms, ${hanging.askedFirst} questions asked (target: 5 s more, once)`,
)
console.log(`  the server hangs, again ${hanging.second.toFixed(0)} ms, ${hanging.askedSecond} questions asked (target: none)`)
