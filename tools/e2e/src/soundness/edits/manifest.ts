import { editToml, type EditPath, type EditValue } from '@interlock/kit/edit'
import { parseToml, tableAt, type TomlTable } from '@interlock/kit'
import type { Sandbox } from '../sandbox.ts'
import type { Member, Survey } from '../survey.ts'

/** Sets a value, or takes it out when it is `undefined`, and keeps the rest of the text. */
export async function put(
  sandbox: Sandbox,
  place: { file: string; path: EditPath },
  value: EditValue | undefined,
): Promise<void> {
  const { file, path } = place
  const text = await sandbox.read(file)
  const edit = value === undefined ? ({ kind: 'remove', path } as const) : ({ kind: 'set', path, value } as const)
  await sandbox.write(file, editToml(text, [edit], { file }))
}

/** The table at a path; empty where there is none. */
export function tableIn(table: TomlTable, path: readonly string[]): TomlTable {
  return tableAt(table, path) ?? {}
}

/** The root's Cargo.toml; empty where there is none. */
export async function rootTable(sandbox: Sandbox): Promise<TomlTable> {
  if (!(await sandbox.exists('Cargo.toml'))) return {}
  return parseToml(await sandbox.read('Cargo.toml'), { file: 'Cargo.toml', code: 'EDIT_CONFLICT' })
}

/** Brings the lock of a member up to date, with as few other changes as cargo and uv make. */
export async function relock(sandbox: Sandbox, member: Pick<Member, 'language' | 'root'>): Promise<void> {
  if (member.language === 'python') {
    await sandbox.output('uv', 'lock', '--quiet')
    return
  }
  const manifest = member.root === undefined || member.root === '.' ? 'Cargo.toml' : `${member.root}/Cargo.toml`
  await sandbox.output('cargo', 'update', '--quiet', '--workspace', '--manifest-path', manifest)
}

/** Refreshes every lock that the workspace has. */
export async function relockAll(sandbox: Sandbox, survey: Survey): Promise<void> {
  const roots = new Map(survey.members.map((member) => [`${member.language} ${member.root}`, member]))
  for (const member of roots.values()) if (member.root !== undefined) await relock(sandbox, member)
}
