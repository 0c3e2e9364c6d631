import { posix } from 'node:path'
import { byText } from '@interlock/kit'
import type { ComposedProject, Input } from './model.ts'

const NEGATED = '!{workspaceRoot}/'

/** A file name that means itself in a glob, in any directory. */
const ANYWHERE = /^\*\*\/([\w.-]+)$/
const PLAIN = /^[\w./-]+$/

/** The project with the files that its inputs leave out said in fewer globs: each project has its own list of them. */
export function compactGlobs(project: ComposedProject): ComposedProject {
  const namedInputs = Object.entries(project.namedInputs).map(([name, inputs]) => [name, compactInputs(inputs)] as const)
  return { ...project, namedInputs: Object.fromEntries(namedInputs) }
}

function compactInputs(inputs: readonly Input[]): readonly Input[] {
  const left = inputs.filter((input) => typeof input === 'string' && input.startsWith(NEGATED)) as readonly string[]
  const shorter = mergeNames(left.map((input) => input.slice(NEGATED.length)))
  return [...inputs.filter((input) => !left.includes(input as string)), ...shorter.map((glob) => `${NEGATED}${glob}`)]
}

/** One glob for all names that are meant in any directory; a path with such a name needs no glob of its own. */
function mergeNames(globs: readonly string[]): string[] {
  const names = globs.flatMap((glob) => ANYWHERE.exec(glob)?.[1] ?? [])
  const anywhere = new Set(names)
  const rest = globs.filter((glob) => !ANYWHERE.test(glob) && !(PLAIN.test(glob) && anywhere.has(posix.basename(glob))))
  if (names.length < 2) return [...globs]
  return [...rest, `**/{${names.join(',')}}`].sort(byText)
}
