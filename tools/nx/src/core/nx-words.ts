import type { Base } from './base.ts'

/**
 * The words that make Nx run targets of what changed since a base, or of everything; of the named projects only, where some
 * are named. Commits are given by id: Nx takes a tag for a branch of the same name.
 */
export function nxWords(base: Base, targets: readonly string[], projects?: readonly string[]): string[] {
  const names = `--targets=${targets.join(',')}`
  if (base.kind === 'everything') {
    return ['run-many', names, ...(projects === undefined ? [] : [`--projects=${projects.join(',')}`])]
  }
  const head = base.head === undefined ? [] : [`--head=${base.head}`]
  // `nx affected` has no --projects, and hands the words on to every task.
  const others = projects === undefined ? [] : [`--exclude=${['*', ...projects.map((name) => `!${name}`)].join(',')}`]
  return ['affected', names, `--base=${base.commit}`, ...head, ...others]
}
