import type { Edit, Generated } from './edit.ts'
import type { Random } from './random.ts'
import type { Sandbox } from './sandbox.ts'

interface Package {
  name: string
  directory: string
  members: Set<string>
  /** External name → `dependencies`, an extra, or a dependency group. */
  externals: Map<string, 'dependencies' | 'extra' | 'group'>
  serial: number
}

/** Pure Python packages with few dependencies, and versions that `uv lock --upgrade-package` may choose. */
const EXTERNALS: Readonly<Record<string, readonly string[]>> = {
  idna: ['3.6', '3.7', '3.8'],
  six: ['1.15.0', '1.16.0'],
  packaging: ['23.1', '23.2', '24.0'],
  iniconfig: ['1.1.1', '2.0.0'],
  sniffio: ['1.3.0', '1.3.1'],
  h11: ['0.13.0', '0.14.0'],
  anyio: ['4.2.0', '4.3.0'],
}

export function generatePython(random: Random): Generated {
  const packages: Package[] = []
  let lineLength = 88
  let serial = 0
  const size = 3 + random.below(3)
  for (let index = 0; index < size; index++) packages.push(newPackage(`p${index}`, packages, random))

  const render = (sandbox: Sandbox): void => {
    sandbox.write('pyproject.toml', `[tool.uv.workspace]\nmembers = ["packages/*"]\n\n[tool.ruff]\nline-length = ${lineLength}\n`)
    for (const entry of packages) renderPackage(sandbox, entry)
  }
  const refresh = (sandbox: Sandbox): void => {
    render(sandbox)
    sandbox.run('uv', ['lock', '--quiet'])
  }
  const edits: Record<string, (sandbox: Sandbox, random: Random) => Edit | undefined> = {
    source: (sandbox, draw) => {
      const entry = draw.pick(packages)
      entry.serial = ++serial
      render(sandbox)
      return { description: `source of ${entry.name}`, kind: 'source', wide: 'none' }
    },
    lock: (sandbox, draw) => {
      const name = draw.pick(Object.keys(EXTERNALS))
      const version = draw.pick(EXTERNALS[name] ?? [])
      if (!sandbox.read('uv.lock').includes(`name = "${name}"`)) return undefined
      sandbox.run('uv', ['lock', '--quiet', '--upgrade-package', `${name}==${version}`])
      return { description: `uv lock ${name} at ${version}`, kind: 'uv.lock', wide: 'none' }
    },
    'own dependency': (sandbox, draw) => {
      const entry = draw.pick(packages)
      const name = draw.pick(Object.keys(EXTERNALS))
      if (entry.externals.has(name)) entry.externals.delete(name)
      else entry.externals.set(name, draw.pick(['dependencies', 'extra', 'group']))
      refresh(sandbox)
      return { description: `dependency ${name} of ${entry.name}`, kind: 'manifest', wide: 'none' }
    },
    edge: (sandbox, draw) => {
      const index = 1 + draw.below(packages.length - 1)
      const entry = packages[index]
      const target = packages[draw.below(index)]
      if (entry === undefined || target === undefined) return undefined
      if (!entry.members.delete(target.name)) entry.members.add(target.name)
      refresh(sandbox)
      return { description: `edge ${entry.name} → ${target.name}`, kind: 'edge', wide: 'none' }
    },
    move: (sandbox, draw) => {
      const entry = draw.pick(packages)
      const directory = `packages/${entry.name}-${++serial}`
      sandbox.move(entry.directory, directory)
      // uv refuses a lock whose member has gone, so the lock moves with it.
      sandbox.write('uv.lock', sandbox.read('uv.lock').replaceAll(`"${entry.directory}"`, `"${directory}"`))
      entry.directory = directory
      refresh(sandbox)
      return { description: `move of ${entry.name}`, kind: 'move', wide: 'none' }
    },
    add: (sandbox, draw) => {
      packages.push(newPackage(`q${++serial}`, packages, draw))
      refresh(sandbox)
      return { description: `new package q${serial}`, kind: 'addition', wide: 'none' }
    },
    tool: (sandbox) => {
      lineLength = lineLength === 88 ? 100 : 88
      render(sandbox)
      return { description: '[tool.ruff] of the root manifest', kind: 'root tool table', wide: 'python' }
    },
  }
  const likely = [
    'source',
    'source',
    'source',
    'lock',
    'lock',
    'lock',
    'lock',
    'own dependency',
    'own dependency',
    'edge',
    'move',
    'add',
    'tool',
  ]
  return { language: 'python', create: refresh, edit: (sandbox, draw) => edits[draw.pick(likely)]?.(sandbox, draw) }
}

function newPackage(name: string, existing: readonly Package[], random: Random): Package {
  const externals = Object.keys(EXTERNALS).filter(() => random.chance(0.3))
  return {
    name,
    directory: `packages/${name}`,
    members: new Set(existing.filter(() => random.chance(0.3)).map((entry) => entry.name)),
    externals: new Map(
      externals.map((external) => [external, random.pick(['dependencies', 'dependencies', 'extra', 'group'] as const)]),
    ),
    serial: 0,
  }
}

function renderPackage(sandbox: Sandbox, entry: Package): void {
  const of = (place: string): string =>
    JSON.stringify([...entry.externals].filter(([, where]) => where === place).map(([name]) => name))
  const dependencies = JSON.stringify([...JSON.parse(of('dependencies')), ...entry.members])
  const sources = [...entry.members].map((name) => `${name} = { workspace = true }`)
  sandbox.write(
    `${entry.directory}/pyproject.toml`,
    `[project]
name = "${entry.name}"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ${dependencies}

[project.optional-dependencies]
more = ${of('extra')}

[dependency-groups]
check = ${of('group')}

[tool.uv.sources]
${sources.join('\n')}

[tool.pytest.ini_options]
addopts = "-q"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
`,
  )
  sandbox.write(`${entry.directory}/src/${entry.name}/__init__.py`, `SERIAL = ${entry.serial}\n`)
}
