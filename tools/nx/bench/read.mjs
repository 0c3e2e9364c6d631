// CPU of reading manifests and locks: node tools/nx/bench/read.mjs [projects per language] [processes]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [size = '500', processes = '7'] = process.argv.slice(2)
const flags = ['--conditions=@interlock/source', '--import', '@swc-node/register/esm-register']

const root = mkdtempSync(join(tmpdir(), 'interlock-read-'))
try {
  run('read-prepare.ts')
  // What was written in the last two seconds is hashed again at every look, as in the plugin.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500)
  print(Array.from({ length: Number(processes) }, () => JSON.parse(run('read-once.ts'))))
} finally {
  rmSync(root, { recursive: true })
}

function run(script) {
  const file = fileURLToPath(new URL(script, import.meta.url))
  return execFileSync(process.execPath, [...flags, file, root, size], { encoding: 'utf8' })
}

function print(results) {
  console.log(`${size} crates and ${size} Python projects; ${cpus()[0]?.model}, Node ${process.version}`)
  console.log(`CPU in ms, user + system, of ${processes} fresh processes: least (median)`)
  const rows = Object.keys(results[0]).map((step) => {
    const parts = Object.keys(results[0][step])
    const of = (values) => {
      const sorted = [...values].sort((left, right) => left - right)
      return `${sorted[0].toFixed(1)} (${sorted[sorted.length >> 1].toFixed(1)})`
    }
    const columns = parts.map((part) => [part, of(results.map((result) => result[step][part]))])
    const sum = of(results.map((result) => parts.reduce((total, part) => total + result[step][part], 0)))
    return [step, { ...Object.fromEntries(columns), sum }]
  })
  console.table(Object.fromEntries(rows))
}
