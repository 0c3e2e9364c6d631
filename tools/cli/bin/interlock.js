#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { register } from 'node:module'

// A published package holds dist/ only; a clone of the repository runs from its TypeScript source and needs no build.
const fromSource = existsSync(new URL('../src/main.ts', import.meta.url))
if (fromSource) register('./source-loader.js', import.meta.url)

let unwritten
process.stdout.on('error', (error) => {
  unwritten = error.code
})
process.on('exit', () => {
  // Who reads may leave early, as `head` does; the status still says what was found.
  if (unwritten === undefined || unwritten === 'EPIPE') return
  process.stderr.write(`the answer could not be written to stdout (${unwritten})\n`)
  process.exitCode = 6
})

const { main } = await import(fromSource ? '../src/main.ts' : '../dist/main.js')
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  fromSource,
  stdout: process.stdout,
  stderr: process.stderr,
})
