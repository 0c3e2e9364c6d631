/** One project of a generated workspace, before it has files. */
export interface BenchProject {
  /** `r12`, `p12` or `t12`; also the last part of the directory. */
  readonly name: string
  readonly language: Language
  readonly root: string
  /** 0 is at the bottom: a project depends on projects of the layer below only. */
  readonly layer: number
  /** Names of projects of the same language. */
  readonly needs: readonly string[]
  /** Names of registry packages. */
  readonly externals: readonly string[]
}

export type Language = 'rust' | 'python' | 'typescript'

export const LAYERS = 8

const LANGUAGES: readonly { language: Language; prefix: string; folder: string }[] = [
  { language: 'rust', prefix: 'r', folder: 'crates' },
  { language: 'python', prefix: 'p', folder: 'packages' },
  { language: 'typescript', prefix: 't', folder: 'sites' },
]

/** Small packages without dependencies of their own; of `bumped`, a lock-only commit changes the version. */
export const EXTERNALS: Readonly<Record<Language, ExternalChoice>> = {
  rust: { common: ['itoa', 'hex', 'fnv'], bumped: 'either', from: '1.12.0', to: '1.13.0' },
  python: { common: ['six', 'iniconfig', 'packaging'], bumped: 'idna', from: '3.7', to: '3.8' },
  typescript: { common: ['ms', 'picocolors', 'nanoid'], bumped: 'isarray', from: '2.0.4', to: '2.0.5' },
}

export interface ExternalChoice {
  readonly common: readonly string[]
  readonly bumped: string
  readonly from: string
  readonly to: string
}

/** `size` projects, a third of each language, in up to eight layers. The same size gives the same projects. */
export function projectsOf(size: number): readonly BenchProject[] {
  return LANGUAGES.flatMap(({ language, prefix, folder }, place) => {
    const count = Math.floor((size + LANGUAGES.length - 1 - place) / LANGUAGES.length)
    const width = Math.ceil(count / LAYERS)
    return Array.from({ length: count }, (_, index): BenchProject => {
      const layer = Math.floor(index / width)
      const below = [index % width, (index + 1) % width].map((position) => (layer - 1) * width + position)
      const needs = layer === 0 ? [] : [...new Set(below)].map((other) => `${prefix}${other}`)
      const name = `${prefix}${index}`
      return { name, language, root: `${folder}/${name}`, layer, needs, externals: externalsOf(language, index) }
    })
  })
}

/** The project that the rows edit: in the middle, so that something depends on it and it depends on something. */
export function editedProject(projects: readonly BenchProject[]): BenchProject {
  const crates = projects.filter(({ language }) => language === 'rust')
  const found = crates[Math.floor(crates.length / 2)]
  if (found === undefined) throw new Error('a workspace needs a crate')
  return found
}

function externalsOf(language: Language, index: number): readonly string[] {
  const { common, bumped } = EXTERNALS[language]
  const every = common.filter((_, place) => index % (place + 2) === 0)
  return index % 16 === 1 ? [...every, bumped] : every
}
