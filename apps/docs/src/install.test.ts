import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { runOk, type ProcessOptions } from '@interlock/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
// A release build of everything on a slow machine; the lines after it take seconds.
const BUILD = 1_200_000
const REST = 120_000

// The lines of the page. The first one works in this clone; the others would leave an environment in it, so they run in a
// folder of their own, in which `dist` is that of the clone.
const LINES = [
  'npx nx run-many -t build -p proxy,he-python,homomorphic-llm-client',
  'python3 -m venv .venv-hlp',
  '.venv-hlp/bin/pip install --no-index dist/he-python/*.whl dist/homomorphic-llm-client/*.whl',
  'export PATH="$PWD/.venv-hlp/bin:$PWD/dist/proxy:$PATH"',
]

let folder = ''
let path = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hlp-install-'))
  symlinkSync(join(ROOT, 'dist'), join(folder, 'dist'))
  const [build = '', ...install] = LINES
  await shell(build, { cwd: ROOT, timeoutMs: BUILD })
  const said = await run([...install, 'echo "$PATH"'].join('\n'))
  path = said.trim().split('\n').at(-1) ?? ''
  // What hangs is ended and named before the runner gives up, which would say neither.
}, 2 * BUILD)

afterAll(() => rmSync(folder, { force: true, recursive: true }))

test('the page shows the lines that run here', () => {
  const page = readFileSync(join(ROOT, 'apps/docs/content/proxy/install.md'), 'utf8')
  expect(/```sh\n([\s\S]*?)\n```/.exec(page)?.[1]?.split('\n')).toEqual(LINES)
  const readme = readFileSync(join(ROOT, 'libs/client-python/README.md'), 'utf8')
  for (const line of LINES.slice(1, 3)) expect(readme).toContain(`$ ${line}\n`)
})

test('the three names are those of this installation', async () => {
  const found = (await run('command -v hlp hlp-proxy; python -c "import homomorphic_llm as it; print(it.__file__)"')).split('\n')
  expect(path.split(delimiter).slice(0, 2)).toEqual([join(folder, '.venv-hlp/bin'), join(folder, 'dist/proxy')])
  expect(found.slice(0, 2)).toEqual([join(folder, '.venv-hlp/bin/hlp'), join(folder, 'dist/proxy/hlp-proxy')])
  expect(found[2]).toContain(join(folder, '.venv-hlp/lib'))
})

test(
  'an own index is made, served and searched by what was installed',
  async () => {
    const passages = ['the lighthouse keeper writes letters', 'bread is baked before dawn']
    const lines = passages.map((text, id) => JSON.stringify({ id: String(id), text, title: text.slice(0, 9) }))
    writeFileSync(join(folder, 'passages.jsonl'), lines.join('\n'))
    const embed = '--embed homomorphic_llm.index:hashed_words'
    await run(`hlp index passages.jsonl --out index --name handbook ${embed}`)
    const words = ['serve', '--listen', '127.0.0.1:0', '--matrix', 'index/handbook.json', '--matrix', 'index/handbook-text.json']
    const server = spawn(join(folder, 'dist/proxy/hlp-proxy'), words, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string]
      const url = `http://${(JSON.parse(line) as { listening: string }).listening}`
      const said = await run(`hlp search "who keeps the lighthouse?" --matrix handbook ${embed} --url ${url} -k 1`)
      expect(said).toContain(passages[0])
    } finally {
      server.kill()
      await once(server, 'exit')
    }
  },
  3 * REST,
)

/** In the folder of the installation, and with its PATH once there is one. */
function run(script: string): Promise<string> {
  const env = { PYTHONPATH: undefined, ...(path === '' ? {} : { PATH: path }) }
  return shell(script, { cwd: folder, env, timeoutMs: REST })
}

/** What lines of a shell print; with all that they have started they are ended when they take too long. */
async function shell(lines: string, options: ProcessOptions): Promise<string> {
  return (await runOk(['bash', '-ec', lines], options)).stdout
}
