// Makes the terminal picture of the README from a real run: node apps/docs/src/capture.mjs
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { terminalSvg } from './terminal-svg.mjs'

const LINES = 34
const root = fileURLToPath(new URL('../../../', import.meta.url))
const command = ['node_modules/@interlock/cli/bin/interlock.js', 'affected', '-t', 'test', '--all']
const run = spawnSync(process.execPath, command, {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, FORCE_COLOR: '1', NX_TUI: 'false' },
})
if (run.status !== 0) throw new Error(`interlock affected ended with status ${run.status}:\n${run.stderr}`)
const lines = run.stdout.trimEnd().replaceAll(root, '').split('\n').slice(-LINES)
const svg = terminalSvg(['$ npx interlock affected -t test --all', '', ...lines].join('\n'), {
  title: 'A run of interlock affected -t test',
})
writeFileSync(new URL('../content/public/terminal.svg', import.meta.url), svg)
