// Makes the terminal picture of the README from a real run: node apps/docs/src/capture.mjs
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { terminalSvg } from './terminal-svg.mjs'

const PROJECTS = 'he,proxy,he-python,homomorphic-llm-client,@interlock/docs'
const root = fileURLToPath(new URL('../../../', import.meta.url))
const words = ['affected', '-t', 'test', '--all', '--', `--projects=${PROJECTS}`]
const command = ['node_modules/@interlock/cli/bin/interlock.js', ...words]
const run = spawnSync(process.execPath, command, {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, FORCE_COLOR: '1', NX_TUI: 'false' },
})
if (run.status !== 0) throw new Error(`interlock affected ended with status ${run.status}:\n${run.stderr}`)
// The advertisement that Nx prints is left out; every other line is as it came.
const lines = run.stdout
  .trimEnd()
  .replaceAll(root, '')
  .split('\n')
  .filter((line) => !line.includes('Recommendation:'))
const squeezed = lines.filter((line, index) => line.trim() !== '' || lines[index - 1]?.trim() !== '')
const svg = terminalSvg([`$ npx interlock ${words.join(' ')}`, ...squeezed].join('\n'), {
  title: 'A run of interlock affected -t test',
})
mkdirSync(new URL('../content/public/', import.meta.url), { recursive: true })
writeFileSync(new URL('../content/public/terminal.svg', import.meta.url), svg)
