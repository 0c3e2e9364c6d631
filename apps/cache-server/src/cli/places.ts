import { relative, sep } from 'node:path'

/** A place (`/a/b.yaml:3:5`) as it reads from a folder; one outside it stays as it is. */
export function relativeTo(root: string, place: string): string {
  const inside = relative(root, place)
  return inside.startsWith('..') ? place : inside.split(sep).join('/')
}
