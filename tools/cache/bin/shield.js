import { existsSync } from 'node:fs'
import { register } from 'node:module'

// A published package holds dist/ only; a clone of the repository runs from its TypeScript source and needs no build.
const fromSource = existsSync(new URL('../src/shield.ts', import.meta.url))
if (fromSource) register('../../cli/bin/source-loader.js', import.meta.url)

const { main } = await import(fromSource ? '../src/shield.ts' : '../dist/shield.js')
await main()
