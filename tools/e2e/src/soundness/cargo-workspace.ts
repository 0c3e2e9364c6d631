import type { Edit, Generated } from './edit.ts'
import type { Random } from './random.ts'
import type { Sandbox } from './sandbox.ts'

interface Crate {
  name: string
  directory: string
  /** Member name → table of the manifest. */
  members: Map<string, Table>
  /** External name → table; versions and features are inherited when `inherited` has the name. */
  externals: Map<string, Table>
  inherited: Set<string>
  serial: number
}

type Table = 'dependencies' | 'dev-dependencies' | 'build-dependencies'

const TABLES: readonly Table[] = ['dependencies', 'dependencies', 'dependencies', 'dev-dependencies', 'build-dependencies']

/** Small crates with few dependencies, and versions that `cargo update --precise` may choose. */
const EXTERNALS: Readonly<Record<string, { req: string; versions: readonly string[]; feature: string }>> = {
  fnv: { req: '1', versions: ['1.0.6', '1.0.7'], feature: 'std' },
  hex: { req: '0.4', versions: ['0.4.2', '0.4.3'], feature: 'alloc' },
  itoa: { req: '1', versions: ['1.0.9', '1.0.10', '1.0.11'], feature: 'no-panic' },
  either: { req: '1', versions: ['1.11.0', '1.12.0', '1.13.0'], feature: 'use_std' },
  base64: { req: '0.22', versions: ['0.22.0', '0.22.1'], feature: 'alloc' },
  memchr: { req: '2', versions: ['2.7.1', '2.7.2', '2.7.4'], feature: 'std' },
  textwrap: { req: '0.16', versions: ['0.16.0', '0.16.1'], feature: 'unicode-width' },
}

export function generateCargo(random: Random): Generated {
  const crates: Crate[] = []
  const shared = new Map(
    Object.keys(EXTERNALS)
      .filter(() => random.chance(0.5))
      .map((name) => [name, false]),
  )
  let profile = 0
  let serial = 0
  const size = 4 + random.below(4)
  for (let index = 0; index < size; index++) crates.push(newCrate(`c${index}`, { existing: crates, shared }, random))

  const render = (sandbox: Sandbox): void => {
    const entries = [...shared].map(
      ([name, featured]) => `${name} = { version = "${EXTERNALS[name]?.req}"${features(name, featured)} }`,
    )
    sandbox.write(
      'Cargo.toml',
      [
        '[workspace]',
        'resolver = "2"',
        'members = ["crates/*"]',
        '',
        '[workspace.dependencies]',
        ...entries,
        '',
        '[profile.dev]',
        `opt-level = ${profile}`,
        '',
      ].join('\n'),
    )
    for (const crate of crates) renderCrate(sandbox, crate, crates)
  }
  const refresh = (sandbox: Sandbox): void => {
    render(sandbox)
    sandbox.run('cargo', ['update', '--quiet', '--workspace'])
  }
  const edits: Record<string, (sandbox: Sandbox, random: Random) => Edit | undefined> = {
    source: (sandbox, draw) => {
      const crate = draw.pick(crates)
      crate.serial = ++serial
      render(sandbox)
      return { description: `source of ${crate.name}`, kind: 'source', wide: 'none' }
    },
    lock: (sandbox, draw) => {
      const name = draw.pick(Object.keys(EXTERNALS))
      const version = draw.pick(EXTERNALS[name]?.versions ?? [])
      if (!sandbox.read('Cargo.lock').includes(`name = "${name}"`)) return undefined
      sandbox.run('cargo', ['update', '--quiet', '--package', name, '--precise', version])
      return { description: `cargo update ${name} to ${version}`, kind: 'Cargo.lock', wide: 'none' }
    },
    'shared feature': (sandbox, draw) => {
      if (shared.size === 0) return undefined
      const name = draw.pick([...shared.keys()])
      shared.set(name, !shared.get(name))
      refresh(sandbox)
      return { description: `feature of ${name} in [workspace.dependencies]`, kind: '[workspace.dependencies]', wide: 'none' }
    },
    'own dependency': (sandbox, draw) => {
      const crate = draw.pick(crates)
      const name = draw.pick(Object.keys(EXTERNALS))
      if (crate.externals.has(name)) crate.externals.delete(name)
      else crate.externals.set(name, draw.pick(TABLES))
      refresh(sandbox)
      return { description: `dependency ${name} of ${crate.name}`, kind: 'manifest', wide: 'none' }
    },
    edge: (sandbox, draw) => {
      const index = 1 + draw.below(crates.length - 1)
      const crate = crates[index]
      const target = crates[draw.below(index)]
      if (crate === undefined || target === undefined) return undefined
      if (crate.members.has(target.name)) crate.members.delete(target.name)
      else crate.members.set(target.name, draw.pick(TABLES))
      refresh(sandbox)
      return { description: `edge ${crate.name} → ${target.name}`, kind: 'edge', wide: 'none' }
    },
    move: (sandbox, draw) => {
      const crate = draw.pick(crates)
      const directory = `crates/${crate.name}-${++serial}`
      sandbox.move(crate.directory, directory)
      crate.directory = directory
      refresh(sandbox)
      return { description: `move of ${crate.name}`, kind: 'move', wide: 'none' }
    },
    remove: (sandbox) => {
      const crate = crates.at(-1)
      if (crate === undefined || crates.length < 4) return undefined
      crates.pop()
      sandbox.remove(crate.directory)
      refresh(sandbox)
      return { description: `removal of ${crate.name}`, kind: 'removal', wide: 'none' }
    },
    add: (sandbox, draw) => {
      crates.push(newCrate(`n${++serial}`, { existing: crates, shared }, draw))
      refresh(sandbox)
      return { description: `new crate n${serial}`, kind: 'addition', wide: 'none' }
    },
    profile: (sandbox) => {
      profile = (profile + 1) % 4
      render(sandbox)
      return { description: '[profile.dev] of the root manifest', kind: '[profile]', wide: 'rust' }
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
    'shared feature',
    'shared feature',
    'own dependency',
    'edge',
    'move',
    'remove',
    'add',
    'profile',
  ]
  return {
    language: 'rust',
    create: (sandbox) => {
      render(sandbox)
      sandbox.run('cargo', ['generate-lockfile', '--quiet'])
    },
    edit: (sandbox, draw) => edits[draw.pick(likely)]?.(sandbox, draw),
  }
}

function newCrate(
  name: string,
  { existing, shared }: { existing: readonly Crate[]; shared: ReadonlyMap<string, boolean> },
  random: Random,
): Crate {
  const members = new Map(existing.filter(() => random.chance(0.3)).map((crate) => [crate.name, random.pick(TABLES)]))
  const externals = new Map(
    Object.keys(EXTERNALS)
      .filter(() => random.chance(0.25))
      .map((external) => [external, random.pick(TABLES)]),
  )
  const inherited = new Set([...externals.keys()].filter((external) => shared.has(external) && random.chance(0.7)))
  return { name, directory: `crates/${name}`, members, externals, inherited, serial: 0 }
}

function renderCrate(sandbox: Sandbox, crate: Crate, crates: readonly Crate[]): void {
  const lines = ['[package]', `name = "${crate.name}"`, 'version = "0.1.0"', 'edition = "2021"']
  for (const table of new Set(TABLES)) {
    lines.push('', `[${table}]`)
    for (const [name, kind] of crate.members) {
      const target = crates.find((other) => other.name === name)
      if (kind === table && target) lines.push(`${name} = { path = "../${target.directory.replace('crates/', '')}" }`)
    }
    for (const [name, kind] of crate.externals) {
      if (kind !== table) continue
      lines.push(crate.inherited.has(name) ? `${name} = { workspace = true }` : `${name} = "${EXTERNALS[name]?.req}"`)
    }
  }
  sandbox.write(`${crate.directory}/Cargo.toml`, `${lines.join('\n')}\n`)
  sandbox.write(`${crate.directory}/src/lib.rs`, `pub const SERIAL: u32 = ${crate.serial};\n`)
}

function features(name: string, featured: boolean): string {
  return featured ? `, features = ["${EXTERNALS[name]?.feature}"]` : ''
}
