import { createHash } from 'node:crypto'
import type { ReaderOptions, WorkspaceFiles } from '@interlock/kit'
import { readPython } from '../src/index.ts'

const PROJECTS = 500
const PACKAGES = 400
const OPTIONS: ReaderOptions = { targets: {}, cargoTestRunner: 'cargo', pythonVersions: ['3.9', '3.12'], allowNoTests: [] }

/** A uv workspace of 500 members in layers over a dense lock. */
function workspace(): Map<string, string> {
  const texts = new Map([
    ['pyproject.toml', '[tool.uv.workspace]\nmembers = ["libs/*"]\n[dependency-groups]\ndev = ["pytest"]\n'],
  ])
  const needs = (index: number): string[] => [`x${(index * 7) % PACKAGES}`, `x${(index * 13) % PACKAGES}`]
  const members = Array.from({ length: PROJECTS }, (_, index) => {
    const local = index === 0 ? [] : [`p${Math.floor(index / 3)}`]
    const all = [...needs(index), ...local]
    const sources = local.map((name) => `${name} = { workspace = true }`).join('\n')
    texts.set(
      `libs/p${index}/pyproject.toml`,
      `[project]\nname = "p${index}"\nversion = "1.0.0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(all)}\n[dependency-groups]\ndev = ["pytest>=8"]\n[tool.uv.sources]\n${sources}\n[tool.ruff]\nline-length = 100\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n`,
    )
    const list = all.map((name) => `    { name = "${name}" },`).join('\n')
    return `[[package]]\nname = "p${index}"\nversion = "1.0.0"\nsource = { editable = "libs/p${index}" }\ndependencies = [\n${list}\n]\n`
  })
  const packages = Array.from({ length: PACKAGES }, (_, index) => {
    const list = [2 * index + 1, 2 * index + 2].filter((next) => next < PACKAGES).map((next) => `    { name = "x${next}" },`)
    const wheels = Array.from(
      { length: 4 },
      (_, file) =>
        `    { url = "u${file}", hash = "sha256:${createHash('sha256').update(`${index} ${file}`).digest('hex')}", size = 1 },`,
    )
    return `[[package]]\nname = "x${index}"\nversion = "1.0.${index}"\nsource = { registry = "r" }\ndependencies = [\n${list.join('\n')}\n]\nwheels = [\n${wheels.join('\n')}\n]\n`
  })
  texts.set('uv.lock', `version = 1\nrevision = 5\n${[...members, ...packages].join('\n')}`)
  return texts
}

function filesOf(texts: ReadonlyMap<string, string>): WorkspaceFiles {
  const digests = new Map([...texts].map(([path, text]) => [path, createHash('sha256').update(text).digest('hex')]))
  return { paths: [...texts.keys()].sort(), read: (path) => texts.get(path) ?? '', digest: (path) => digests.get(path) ?? '' }
}

function measure(name: string, texts: ReadonlyMap<string, string>): void {
  const files = filesOf(texts)
  const begin = process.cpuUsage()
  const result = readPython(files, OPTIONS)
  const { user, system } = process.cpuUsage(begin)
  console.log(`${name.padEnd(24)} ${((user + system) / 1000).toFixed(1).padStart(8)} ms CPU, ${result.projects.length} projects`)
}

const texts = workspace()
measure('cold', texts)
measure('warm, nothing changed', texts)
texts.set('libs/p7/pyproject.toml', `${texts.get('libs/p7/pyproject.toml')}\n[tool.x]\ny = 1\n`)
measure('one manifest changed', texts)
texts.set('uv.lock', (texts.get('uv.lock') ?? '').replace('version = "1.0.7"', 'version = "1.0.8"'))
measure('lock changed', texts)
