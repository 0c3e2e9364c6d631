import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { byText, type ReaderOptions, type ReaderProject, type ReaderResult, type WorkspaceFiles } from '@interlock/kit'
import { readPython } from '../core/reader.ts'

export type Texts = Readonly<Record<string, string>>

export const OPTIONS: ReaderOptions = {
  targets: {},
  cargoTestRunner: 'cargo',
  pythonVersions: ['3.8', '3.9', '3.12'],
  allowNoTests: [],
}

/** The files of a bundle under `fixtures/`. */
export function bundle(name: string): Texts {
  const text = readFileSync(new URL(`../../fixtures/${name}.txt`, import.meta.url), 'utf8')
  const parts = text.split(/^==== (.*)\n/m).slice(1)
  return Object.fromEntries(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])))
}

/** Files in memory, as the plugin hands them to a reader. */
export function filesOf(texts: Texts): WorkspaceFiles {
  const read = (path: string): string => {
    const text = texts[path]
    if (text === undefined) throw new Error(`${path} is not among the files`)
    return text
  }
  const digest = (path: string): string => createHash('sha256').update(read(path)).digest('hex')
  return { paths: Object.keys(texts).sort(byText), read, digest }
}

export function readTexts(texts: Texts, options: Partial<ReaderOptions> = {}): ReaderResult {
  return readPython(filesOf(texts), { ...OPTIONS, ...options })
}

/** The project in a directory; a test that asks for one that is not there fails here. */
export function projectAt(result: ReaderResult, root: string): ReaderProject {
  const found = result.projects.find((project) => project.root === root)
  if (found === undefined) throw new Error(`no project in ${root}: ${result.projects.map((project) => project.root).join(', ')}`)
  return found
}

/** Edges as text: `a -> b normal`, `a -> crate:b build`. */
export function edgesOf(result: ReaderResult): string[] {
  return result.projects.flatMap(({ root, dependencies }) =>
    dependencies.map((edge) => `${root} -> ${edge.ecosystem === 'cargo' ? 'crate:' : ''}${edge.root} ${edge.kind}`),
  )
}
