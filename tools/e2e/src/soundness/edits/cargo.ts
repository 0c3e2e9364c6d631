import type { EditValue } from '@interlock/kit/edit'
import type { Change, EditContext, EditKind } from '../edit.ts'
import { CRATES } from '../externals.ts'
import type { Random } from '../random.ts'
import type { Member } from '../survey.ts'
import { put, relock, rootTable, tableIn } from './manifest.ts'

/** Where a dependency may stand. */
const TABLES: readonly (readonly string[])[] = [
  ['dependencies'],
  ['dependencies'],
  ['dev-dependencies'],
  ['build-dependencies'],
  ['target', 'cfg(unix)', 'dependencies'],
  ['target', 'cfg(windows)', 'dev-dependencies'],
]

const lock: Change = async ({ sandbox, random, survey }) => {
  const name = random.pick(Object.keys(CRATES))
  const version = random.pick(CRATES[name]?.versions ?? [])
  const locks = survey.files.filter((path) => /(^|\/)Cargo\.lock$/.test(path))
  if (locks.length === 0) return undefined
  const file = random.pick(locks)
  if (!(await sandbox.read(file)).includes(`name = "${name}"`)) return undefined
  const manifest = file.replace(/lock$/, 'toml')
  await sandbox.output('cargo', 'update', '--quiet', '--package', name, '--precise', version, '--manifest-path', manifest)
  return { description: `cargo update ${name} to ${version} in ${file}` }
}

const dependency: Change = async (context) => {
  const { sandbox, random } = context
  const crate = anyCrate(context)
  if (crate === undefined) return undefined
  const name = random.pick(Object.keys(CRATES))
  const held = TABLES.map((path) => [...path, name]).find((path) => name in tableIn(crate.table, path.slice(0, -1)))
  const path = held ?? [...random.pick(TABLES), name]
  const value = held === undefined ? await requirement(context, { crate, name, table: path[0] ?? '' }) : undefined
  await put(sandbox, { file: crate.manifest, path }, value)
  await relock(sandbox, crate)
  return { description: `dependency ${path.join('.')} of ${crate.name}: ${JSON.stringify(value) ?? 'removed'}` }
}

async function requirement(
  { sandbox, random }: EditContext,
  place: { readonly crate: Member; readonly name: string; readonly table: string },
): Promise<EditValue> {
  const known = CRATES[place.name]
  const version = known?.req ?? '*'
  const root = place.crate.root === '.' && place.crate.directory !== '.' ? await rootTable(sandbox) : {}
  const forms: EditValue[] = [version, { version, features: [known?.feature ?? ''] }, { version, 'default-features': false }]
  if (place.table === 'dependencies') forms.push({ version, optional: true })
  if (place.name in tableIn(root, ['workspace', 'dependencies'])) forms.push({ workspace: true }, { workspace: true })
  return random.pick(forms)
}

/** The same crate under another name. */
const renamed: Change = async (context) => {
  const crate = anyCrate(context)
  if (crate === undefined) return undefined
  const name = context.random.pick(Object.keys(CRATES))
  const key = `as_${name.replaceAll('-', '_')}`
  const present = key in tableIn(crate.table, ['dependencies'])
  const value = present ? undefined : { package: name, version: CRATES[name]?.req ?? '*' }
  await put(context.sandbox, { file: crate.manifest, path: ['dependencies', key] }, value)
  await relock(context.sandbox, crate)
  return { description: `renamed dependency ${key} of ${crate.name}` }
}

const edge: Change = async (context) => {
  const { sandbox, random, survey } = context
  const crates = survey.members.filter(({ language }) => language === 'rust')
  if (crates.length < 2) return undefined
  const [crate, target] = [random.pick(crates), random.pick(crates)]
  const held = TABLES.map((path) => [...path, target.name]).find((path) => target.name in tableIn(crate.table, path.slice(0, -1)))
  if (crate === target || (held === undefined && reaches(crates, target, crate))) return undefined
  // A workspace member cannot be a dependency of another workspace that cargo would then join.
  const path = held ?? [...random.pick(TABLES), target.name]
  const up = '../'.repeat(crate.directory.split('/').length)
  await put(sandbox, { file: crate.manifest, path }, held === undefined ? { path: `${up}${target.directory}` } : undefined)
  await relock(sandbox, crate)
  return { description: `edge ${crate.name} → ${target.name} in ${path.slice(0, -1).join('.')}` }
}

const feature: Change = async (context) => {
  const crate = anyCrate(context)
  if (crate === undefined) return undefined
  const name = `flag${context.random.below(2)}`
  const present = name in tableIn(crate.table, ['features'])
  await put(context.sandbox, { file: crate.manifest, path: ['features', name] }, present ? undefined : [])
  return { description: `feature ${name} of ${crate.name}` }
}

export const CARGO_EDITS: readonly EditKind[] = [
  { kind: 'Cargo.lock', weight: 12, change: lock },
  { kind: 'Cargo dependency', weight: 7, change: dependency },
  { kind: 'renamed Cargo dependency', weight: 2, change: renamed },
  { kind: 'edge between crates', weight: 5, change: edge },
  { kind: 'feature of a crate', weight: 2, change: feature },
]

function anyCrate({ survey, random }: { survey: EditContext['survey']; random: Random }): Member | undefined {
  const crates = survey.members.filter(({ language, root }) => language === 'rust' && root !== undefined)
  return crates.length === 0 ? undefined : random.pick(crates)
}

/** Whether a crate depends on another one by the names in its manifest, over any number of steps. */
function reaches(crates: readonly Member[], from: Member, to: Member): boolean {
  const seen = new Set([from])
  for (const crate of seen) {
    const names = TABLES.flatMap((path) => Object.keys(tableIn(crate.table, path)))
    for (const other of crates) if (names.includes(other.name)) seen.add(other)
  }
  return seen.has(to)
}
