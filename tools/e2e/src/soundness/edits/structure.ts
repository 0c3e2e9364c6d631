import { posix } from 'node:path'
import { parseToml, stringsAt } from '@interlock/kit'
import { editToml } from '@interlock/kit/edit'
import type { Change, EditContext, EditKind } from '../edit.ts'
import type { Sandbox } from '../sandbox.ts'
import { rooted, type Language, type Member } from '../survey.ts'
import { crateFiles, packageFiles } from '../workspaces/files.ts'
import { relockAll } from './manifest.ts'

const MEMBER_LISTS = {
  rust: { file: 'Cargo.toml', path: ['workspace', 'members'] },
  python: { file: 'pyproject.toml', path: ['tool', 'uv', 'workspace', 'members'] },
} as const

const move: Change = async (context) => {
  const { sandbox, survey, random, serial } = context
  const member = random.pick(survey.members)
  const to = posix.join(posix.dirname(member.directory), `${member.name}-${serial}`)
  await sandbox.move(member.directory, to)
  await redirect(context, { from: member.directory, to })
  for (const language of ['rust', 'python'] as const) {
    if (language === member.language || (await isMember(sandbox, language, member.directory)))
      await listMember(sandbox, { language, from: member.directory, to })
  }
  await relockAll(sandbox, survey)
  return { description: `move of ${member.directory} to ${to}` }
}

const removal: Change = async (context) => {
  const { sandbox, survey, random } = context
  const needed = new Set<string>()
  for (const member of survey.members) {
    const text = JSON.stringify(member.table)
    for (const other of survey.members) if (other.name !== member.name && text.includes(`"${other.name}`)) needed.add(other.name)
  }
  const free = survey.members.filter(({ name }) => !needed.has(name))
  if (free.length === 0 || survey.members.length < 4) return undefined
  const member = random.pick(free)
  await sandbox.remove(member.directory)
  await listMember(sandbox, { language: 'rust', from: member.directory, to: undefined })
  await listMember(sandbox, { language: 'python', from: member.directory, to: undefined })
  if (member.language === 'python' || survey.files.includes(`${member.directory}/pyproject.toml`)) await forget(sandbox, member)
  await relockAll(sandbox, { ...survey, members: survey.members.filter(({ directory }) => directory !== member.directory) })
  return { description: `removal of ${member.directory}` }
}

const addition: Change = async ({ sandbox, survey, random, serial }) => {
  const beside = random.pick(survey.members.filter(({ root }) => root === '.'))
  const directory = posix.join(posix.dirname(beside.directory), `n${serial}`)
  const files = beside.language === 'rust' ? crateFiles({ name: `n${serial}` }) : packageFiles({ name: `n${serial}` })
  for (const [path, text] of Object.entries(files)) await sandbox.write(`${directory}/${path}`, text)
  await listMember(sandbox, { language: beside.language, from: undefined, to: directory })
  await relockAll(sandbox, survey)
  return { description: `addition of ${directory}` }
}

/** A crate of its own, with its own lock, that no workspace knows. */
const alone: Change = async ({ sandbox, survey, random, serial }) => {
  const crates = rooted(survey, 'rust')
  if (crates.length === 0 || survey.files.some((path) => path.startsWith('alone/') && path.endsWith('Cargo.lock')))
    return undefined
  const path = random.chance(0.5) ? random.pick(crates) : undefined
  const dependencies = path === undefined ? ['fnv = "1"'] : [`${path.name} = { path = "../../${path.directory}" }`, 'hex = "0.4"']
  const files = crateFiles({ name: `s${serial}`, dependencies })
  for (const [file, text] of Object.entries(files)) await sandbox.write(`alone/s${serial}/${file}`, text)
  await sandbox.write(`alone/s${serial}/Cargo.toml`, `${files['Cargo.toml']}\n[workspace]\n`)
  await sandbox.output('cargo', 'generate-lockfile', '--quiet', '--manifest-path', `alone/s${serial}/Cargo.toml`)
  return { description: `standalone crate alone/s${serial}` }
}

export const STRUCTURE_EDITS: readonly EditKind[] = [
  { kind: 'move', weight: 3, change: move },
  { kind: 'removal', weight: 2, change: removal },
  { kind: 'addition', weight: 4, change: addition },
  { kind: 'standalone crate', weight: 1, change: alone },
]

/** Rewrites what points to a directory that moved: paths of cargo, and the lock of uv, which refuses one that is gone. */
async function redirect({ sandbox, survey }: EditContext, moved: { readonly from: string; readonly to: string }): Promise<void> {
  for (const { manifest, directory, language } of survey.members) {
    const file = manifest.startsWith(`${moved.from}/`) ? manifest.replace(moved.from, moved.to) : manifest
    const text = await sandbox.read(file)
    const up = (target: string): string => `"${'../'.repeat(directory.split('/').length)}${target}"`
    const near = (target: string): string => `"${posix.relative(directory, target)}"`
    const next = text.replaceAll(up(moved.from), up(moved.to)).replaceAll(near(moved.from), near(moved.to))
    if (language === 'rust' && next !== text) await sandbox.write(file, next)
  }
  for (const file of ['Cargo.toml', 'uv.lock']) {
    if (!survey.files.includes(file)) continue
    await sandbox.write(file, (await sandbox.read(file)).replaceAll(`"${moved.from}"`, `"${moved.to}"`))
  }
}

async function isMember(sandbox: Sandbox, language: Language, directory: string): Promise<boolean> {
  const { file } = MEMBER_LISTS[language]
  return (await sandbox.exists(file)) && membersIn(await sandbox.read(file), language).includes(directory)
}

/** The entries of the list of members in the text of a root manifest. */
function membersIn(text: string, language: Language): readonly string[] {
  const { file, path } = MEMBER_LISTS[language]
  return stringsAt(parseToml(text, { file, code: 'EDIT_CONFLICT' }), path) ?? []
}

/** Keeps an explicit list of members right; a glob already is. */
async function listMember(
  sandbox: Sandbox,
  change: { readonly language: Language; readonly from: string | undefined; readonly to: string | undefined },
): Promise<void> {
  const { file, path } = MEMBER_LISTS[change.language]
  if (!(await sandbox.exists(file))) return
  const text = await sandbox.read(file)
  const members = membersIn(text, change.language)
  const kept = members.filter((entry) => entry !== change.from)
  const isListed = (directory: string): boolean => kept.includes(directory) || kept.includes(`${posix.dirname(directory)}/*`)
  const next = change.to === undefined || isListed(change.to) ? kept : [...kept, change.to]
  if (members.length > 0) await sandbox.write(file, editToml(text, [{ kind: 'set', path, value: next }], { file }))
}

/** Takes a package out of uv.lock, which uv does not read while a member of it is gone. */
async function forget(sandbox: Sandbox, member: Member): Promise<void> {
  const [head = '', ...blocks] = (await sandbox.read('uv.lock')).split(/^(?=\[\[package\]\])/m)
  const kept = blocks.filter((block) => !block.includes(`\nname = "${member.name}"\n`))
  await sandbox.write('uv.lock', [head.replace(`    "${member.name}",\n`, ''), ...kept].join(''))
}
