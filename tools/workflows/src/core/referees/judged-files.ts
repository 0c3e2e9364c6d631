import { byText } from '@interlock/kit'
import type { JudgedFiles } from './types.ts'

/** Divides paths below the workspace, with forward slashes, by what GitHub takes them for. */
export function judgedFiles(paths: readonly string[]): JudgedFiles {
  const matching = (pattern: RegExp): string[] => paths.filter((path) => pattern.test(path)).sort(byText)
  return {
    workflows: matching(/^\.github\/workflows\/[^/]+\.ya?ml$/u),
    actions: matching(/^\.github\/(?:.+\/)?action\.ya?ml$/u),
    dependabot: matching(/^\.github\/dependabot\.ya?ml$/u),
  }
}
