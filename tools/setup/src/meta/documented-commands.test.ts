import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROOFS } from './documented-commands.ts'
import { ROOT, TRACKED, text } from './repository.ts'

const pages = TRACKED.filter((path) => /^[A-Z]+\.md$/.test(path) || /^apps\/docs\/content\/.+\.md$/.test(path))
const documented = pages.flatMap((page) => commandsOf(text(page)).map((command) => ({ command, page })))

it('the pages name commands', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'apps/docs/content/quick-start.md']))
  expect(documented.length).toBeGreaterThan(20)
})

it.each(documented)('$page: “$command” is proved to work', ({ command }) => {
  expect(Object.keys(PROOFS)).toContain(command)
})

it('no proof is kept for a command that no page names', () => {
  const named = new Set(documented.map(({ command }) => command))
  expect(Object.keys(PROOFS).filter((command) => !named.has(command))).toEqual([])
})

const covered = Object.entries(PROOFS).flatMap(([command, proof]) =>
  proof.kind === 'covered' ? [{ by: proof.by, command }] : [],
)

it.each(covered)('“$command” is covered by tests in $by', ({ by }) => {
  expect(testsIn(by)).not.toEqual([])
})

const runs = Object.entries(PROOFS).flatMap(([command, proof]) => (proof.kind === 'run' ? [command] : []))

it.each(runs)('“%s” runs as written', (command) => {
  const [program = '', ...args] = command.split(' ')
  const ended = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NX_TUI: 'false' },
    timeout: 120_000,
  })
  // A check that finds something says so with status 1; anything else means that the command does not exist.
  const allowed = command.includes('--check') ? [0, 1] : [0]
  expect(allowed, `${ended.stdout}\n${ended.stderr}`).toContain(ended.status)
  expect(ended.stdout.trim()).not.toBe('')
})

/** Commands of the fences marked `sh` or `bash`, one per line. */
function commandsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)]
    .flatMap(([, body = '']) => body.split('\n'))
    .map((line) => line.replace(/^\$ /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

function testsIn(place: string): string[] {
  const path = join(ROOT, place)
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [place]
  return readdirSync(path, { encoding: 'utf8', recursive: true }).filter((file) => file.endsWith('.test.ts'))
}
