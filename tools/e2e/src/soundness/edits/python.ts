import type { EditPath, EditValue } from '@interlock/kit/edit'
import { stringsAt, type TomlTable } from '@interlock/kit'
import type { Change, EditContext, EditKind } from '../edit.ts'
import { PACKAGES } from '../externals.ts'
import type { Member } from '../survey.ts'
import { rooted } from '../survey.ts'
import { put, relock } from './manifest.ts'

/** Where a requirement may stand. */
const LISTS: readonly (readonly string[])[] = [
  ['project', 'dependencies'],
  ['project', 'dependencies'],
  ['project', 'optional-dependencies', 'more'],
  ['dependency-groups', 'check'],
]

const lock: Change = async ({ sandbox, random, survey }) => {
  if (!survey.files.includes('uv.lock')) return undefined
  const name = random.pick(Object.keys(PACKAGES))
  const version = random.pick(PACKAGES[name] ?? [])
  if (!(await sandbox.read('uv.lock')).includes(`name = "${name}"`)) return undefined
  await sandbox.output('uv', 'lock', '--quiet', '--upgrade-package', `${name}==${version}`)
  return { description: `uv lock ${name} at ${version}` }
}

const dependency: Change = async (context) => {
  const { sandbox, random } = context
  const member = anyPackage(context)
  if (member === undefined) return undefined
  const name = random.pick(Object.keys(PACKAGES))
  const path = random.pick(LISTS)
  const held = listAt(member.table, path)
  const isIt = (text: string): boolean => text.split(/[^A-Za-z0-9_-]/)[0] === name
  const marker = random.pick(['', '', "; python_version < '3.12'", "; sys_platform == 'win32'"])
  const next = held.some(isIt) ? held.filter((text) => !isIt(text)) : [...held, `${name}${marker}`]
  await put(sandbox, { file: member.manifest, path }, next)
  await relock(sandbox, member)
  return { description: `${name}${marker} in ${path.join('.')} of ${member.name}` }
}

const edge: Change = async (context) => {
  const { sandbox, random, survey } = context
  const members = rooted(survey, 'python')
  if (members.length < 2) return undefined
  const [member, target] = [random.pick(members), random.pick(members)]
  const path = random.pick(LISTS)
  const held = listAt(member.table, path)
  if (member === target || (!held.includes(target.name) && reaches(members, target, member))) return undefined
  const next = held.includes(target.name) ? held.filter((name) => name !== target.name) : [...held, target.name]
  await put(sandbox, { file: member.manifest, path: ['tool', 'uv', 'sources', target.name] }, { workspace: true })
  await put(sandbox, { file: member.manifest, path }, next)
  await relock(sandbox, member)
  return { description: `edge ${member.name} → ${target.name} in ${path.join('.')}` }
}

/** An extra of a member, asked for by another one. */
const extra: Change = async (context) => {
  const members = rooted(context.survey, 'python')
  const edges = members.flatMap((member) =>
    members
      .filter((target) => asks(member).includes(target.name) && listAt(target.table, LISTS[2] ?? []).length > 0)
      .map((target) => ({ member, target })),
  )
  if (edges.length === 0) return undefined
  const { member, target } = context.random.pick(edges)
  const path = ['project', 'dependencies']
  const next = listAt(member.table, path).map((text) => {
    if (text === target.name) return `${target.name}[more]`
    return text === `${target.name}[more]` ? target.name : text
  })
  await put(context.sandbox, { file: member.manifest, path }, next)
  await relock(context.sandbox, member)
  return { description: `extra of ${target.name} for ${member.name}` }
}

const constraint: Change = async (context) => {
  const name = context.random.pick(Object.keys(PACKAGES))
  const version = context.random.pick(PACKAGES[name] ?? [])
  return rootEdit(context, { path: ['tool', 'uv', 'constraint-dependencies'], forms: [[`${name}<=${version}`], []] })
}

/** A member source for the whole workspace; it changes nothing where members say it themselves. */
const rootSource: Change = async (context) => {
  const members = rooted(context.survey, 'python')
  if (members.length === 0) return undefined
  const { name } = context.random.pick(members)
  return rootEdit(context, { path: ['tool', 'uv', 'sources', name], forms: [{ workspace: true }, undefined] })
}

const rootGroup: Change = async (context) => {
  const name = context.random.pick(Object.keys(PACKAGES))
  return rootEdit(context, { path: ['dependency-groups', 'extra'], forms: [[name], []] })
}

/** uv does not print the tables of other tools, and nobody knows which package they mean. */
const toolTable: Change = async (context) => {
  const tool = context.random.pick([
    ['pytest', 'ini_options', 'addopts'],
    ['ruff', 'line-length'],
    ['unheard-of', 'key'],
  ])
  const value = tool[0] === 'ruff' ? 80 + context.random.below(40) : `-q${context.serial}`
  return rootEdit(context, { path: ['tool', ...tool], forms: [value] })
}

export const PYTHON_EDITS: readonly EditKind[] = [
  { kind: 'uv.lock', weight: 12, change: lock },
  { kind: 'Python dependency, extra or group', weight: 8, change: dependency },
  { kind: 'edge between Python packages', weight: 6, change: edge },
  { kind: 'extra of a member', weight: 2, change: extra },
  { kind: 'constraint of the root', weight: 2, change: constraint },
  { kind: '[tool.uv.sources] of the root', weight: 1, change: rootSource },
  { kind: 'dependency group of the root', weight: 2, change: rootGroup },
  { kind: 'tool table of the root', weight: 2, change: toolTable },
]

async function rootEdit(
  { sandbox, random, survey }: EditContext,
  edit: { readonly path: EditPath; readonly forms: readonly (EditValue | undefined)[] },
): ReturnType<Change> {
  if (!survey.files.includes('pyproject.toml') || rooted(survey, 'python').length === 0) return undefined
  const value = random.pick(edit.forms)
  await put(sandbox, { file: 'pyproject.toml', path: edit.path }, value)
  await relock(sandbox, { language: 'python', root: '.' })
  return { description: `${edit.path.join('.')} of the root: ${JSON.stringify(value) ?? 'removed'}` }
}

function anyPackage({ survey, random }: EditContext): Member | undefined {
  const members = rooted(survey, 'python')
  return members.length === 0 ? undefined : random.pick(members)
}

function listAt(table: TomlTable, path: readonly string[]): readonly string[] {
  return stringsAt(table, path) ?? []
}

/** Names that a package asks for in any of its lists. */
function asks(member: Member): string[] {
  return LISTS.flatMap((path) => listAt(member.table, path)).map((text) => text.split(/[^A-Za-z0-9_-]/)[0] ?? '')
}

function reaches(members: readonly Member[], from: Member, to: Member): boolean {
  const seen = new Set([from])
  for (const member of seen) for (const other of members) if (asks(member).includes(other.name)) seen.add(other)
  return seen.has(to)
}
