import type { EditPath, EditValue } from '@interlock/kit/edit'
import type { Change, EditContext, EditKind } from '../edit.ts'
import { CRATES } from '../externals.ts'
import { rooted } from '../survey.ts'
import { put, relock, rootTable, tableIn } from './manifest.ts'

const sharedFeature: Change = async (context) => {
  const root = await rootTable(context.sandbox)
  const names = Object.keys(tableIn(root, ['workspace', 'dependencies'])).filter((name) => name in CRATES)
  if (names.length === 0) return undefined
  const name = context.random.pick(names)
  const known = CRATES[name]
  const forms: EditValue[] = [known?.req ?? '*', { version: known?.req ?? '*', features: [known?.feature ?? ''] }]
  return rootEdit(context, { path: ['workspace', 'dependencies', name], forms })
}

/** A crate that joins or leaves the table although nobody inherits it yet. */
const sharedEntry: Change = async (context) => {
  const name = context.random.pick(Object.keys(CRATES))
  const inherited = rooted(context.survey, 'rust').some(({ table }) => JSON.stringify(table).includes('"workspace":true'))
  const present = name in tableIn(await rootTable(context.sandbox), ['workspace', 'dependencies'])
  if (present && inherited) return undefined
  return rootEdit(context, {
    path: ['workspace', 'dependencies', name],
    forms: [present ? undefined : (CRATES[name]?.req ?? '*')],
  })
}

const sharedPackage: Change = (context) =>
  rootEdit(context, { path: ['workspace', 'package', 'description'], forms: [`Text ${context.serial}`] })

const sharedLints: Change = (context) =>
  rootEdit(context, { path: ['workspace', 'lints', 'rust', 'unused'], forms: ['allow', 'warn'] })

const inheritance: Change = async (context) => {
  const crates = rooted(context.survey, 'rust')
  if (crates.length === 0) return undefined
  const crate = context.random.pick(crates)
  const root = await rootTable(context.sandbox)
  const path = context.random.pick([
    ['lints', 'workspace'],
    ['package', 'description', 'workspace'],
  ])
  const isThere =
    path[0] === 'lints' ? 'lints' in tableIn(root, ['workspace']) : 'description' in tableIn(root, ['workspace', 'package'])
  const present = 'workspace' in tableIn(crate.table, path.slice(0, -1))
  if (!present && !isThere) return undefined
  await put(context.sandbox, { file: crate.manifest, path }, present ? undefined : true)
  return { description: `${path.join('.')} of ${crate.name}` }
}

const profile: Change = (context) => rootEdit(context, { path: ['profile', 'dev', 'opt-level'], forms: [0, 1, 2, 3] })

/** Cargo takes a local crate in place of one from the registry. */
const patch: Change = async (context) => {
  const { sandbox, serial, survey } = context
  if (!survey.files.includes('Cargo.toml')) return undefined
  const patched = 'fnv' in tableIn(await rootTable(sandbox), ['patch', 'crates-io'])
  if (!patched) {
    await sandbox.write(
      'vendor/fnv/Cargo.toml',
      '[package]\nname = "fnv"\nversion = "1.0.99"\nedition = "2021"\n\n[features]\nstd = []\n',
    )
    await sandbox.write('vendor/fnv/src/lib.rs', `// ${serial}\n`)
    await put(sandbox, { file: 'Cargo.toml', path: ['workspace', 'exclude'] }, ['vendor'])
  }
  return rootEdit(context, { path: ['patch', 'crates-io', 'fnv'], forms: [patched ? undefined : { path: 'vendor/fnv' }] })
}

export const CARGO_ROOT_EDITS: readonly EditKind[] = [
  { kind: 'feature in [workspace.dependencies]', weight: 5, change: sharedFeature },
  { kind: 'entry of [workspace.dependencies]', weight: 2, change: sharedEntry },
  { kind: '[workspace.package]', weight: 2, change: sharedPackage },
  { kind: '[workspace.lints]', weight: 2, change: sharedLints },
  { kind: 'inheritance of lints or package keys', weight: 3, change: inheritance },
  { kind: '[profile]', weight: 2, change: profile },
  { kind: '[patch]', weight: 1, change: patch },
]

async function rootEdit(
  { sandbox, random, survey }: EditContext,
  edit: { readonly path: EditPath; readonly forms: readonly (EditValue | undefined)[] },
): ReturnType<Change> {
  if (!survey.files.includes('Cargo.toml') || rooted(survey, 'rust').length === 0) return undefined
  const value = random.pick(edit.forms)
  await put(sandbox, { file: 'Cargo.toml', path: edit.path }, value)
  await relock(sandbox, { language: 'rust', root: '.' })
  return { description: `${edit.path.join('.')} of the root: ${JSON.stringify(value) ?? 'removed'}` }
}
