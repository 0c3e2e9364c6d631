import { InterlockError } from '@interlock/kit'

/** A crate without dependencies, as it stands in Cargo.lock. */
export interface LockedCrate {
  readonly name: string
  readonly version: string
  readonly file: string
}

/** Adds a workspace member where Cargo itself would write it. Throws `EDIT_CONFLICT` when a member has that name. */
export function addToCargoLock(text: string, { name, version, file }: LockedCrate): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const blocks = [...text.matchAll(/^\[\[package\]\]\r?\nname = "([^"]+)"(?:\r?\n[^[\r\n].*)*/gm)]
  if (blocks.some((block) => block[1] === name && !block[0].includes('\nsource = '))) {
    throw new InterlockError('EDIT_CONFLICT', `a crate of this workspace is named ${name} already`, { file })
  }
  const entry = ['[[package]]', `name = "${name}"`, `version = "${version}"`, ''].join(eol)
  const next = blocks.find((block) => (block[1] ?? '') > name)
  if (next !== undefined) return `${text.slice(0, next.index)}${entry}${eol}${text.slice(next.index)}`
  const last = blocks.at(-1)
  if (last === undefined) return `${text.trimEnd()}${eol}${eol}${entry}`
  const end = text.indexOf('\n', last.index + last[0].length - 1) + 1
  return `${text.slice(0, end)}${eol}${entry}${text.slice(end)}`
}
