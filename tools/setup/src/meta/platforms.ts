/** What the standard library and the crates of this repository have on one family of systems only. */
const NARROW = /\b(std::os::(?:unix|linux|fd|macos|windows)|tokio::signal::(?:unix|windows)|rustix::|libc::|nix::)/
const FAMILY = /\b(unix|windows|target_os)\b/

/** A source of a crate, and the modules above it as far as they are known. */
export interface RustSource {
  readonly path: string
  readonly text: string
}

/**
 * Lines of Rust that name something of one system outside of everything that is compiled for that system alone. The
 * formatter decides the indentation, so the block that a line is in is found by it.
 */
export function unguarded(source: RustSource, all: readonly RustSource[]): string[] {
  if (isGuardedFile(source, all)) return []
  const lines = source.text.split('\n')
  return lines.flatMap((line, at) => {
    const code = line.replace(/\/\/.*/, '')
    return NARROW.test(code) && !isGuarded(lines, at) ? [`${source.path}:${at + 1}: ${line.trim()}`] : []
  })
}

function isGuardedFile({ path, text }: RustSource, all: readonly RustSource[]): boolean {
  if (text.split('\n').some((line) => line.startsWith('#![') && isGuard(line))) return true
  const [, folder = '', name = ''] = /^(.*?)([^/]+)\.rs$/.exec(path) ?? []
  const module = name === 'mod' ? (folder.split('/').at(-2) ?? '') : name
  const above = name === 'mod' ? folder.replace(/[^/]+\/$/, '') : folder
  const parents = ['mod.rs', 'main.rs', 'lib.rs'].map((file) => above + file).concat(above.replace(/\/$/, '.rs'))
  return all.some((parent) => {
    if (parent.path === path || !parents.includes(parent.path)) return false
    const lines = parent.text.split('\n')
    const at = lines.findIndex((line) => new RegExp(`^(pub(\\([a-z]+\\))? )?mod ${module};`).test(line))
    return at >= 0 && (isGuarded(lines, at) || isGuardedFile(parent, all))
  })
}

function isGuarded(lines: readonly string[], at: number): boolean {
  const depth = indentation(lines[at] ?? '')
  for (let above = at - 1; above >= 0; above -= 1) {
    const line = lines[above] ?? ''
    if (line.trim() === '') continue
    if (/^\s*(#\[|\/\/)/.test(line) && indentation(line) === depth) {
      if (isGuard(line)) return true
      continue
    }
    return isGuardedBlock(lines, at, depth)
  }
  return false
}

/** The item around a line begins where the indentation is smaller, and before all that continues its head. */
function isGuardedBlock(lines: readonly string[], at: number, depth: number): boolean {
  let above = at - 1
  const isHead = (line: string): boolean => line.trim() !== '' && indentation(line) < depth && !/^\s*(\)|where\b)/.test(line)
  while (above >= 0 && !isHead(lines[above] ?? '')) above -= 1
  return above >= 0 && isGuarded(lines, above)
}

function isGuard(attribute: string): boolean {
  return /^\s*#!?\[cfg\(/.test(attribute) && FAMILY.test(attribute.replace(/not\([^()]*\)/g, ''))
}

function indentation(line: string): number {
  return line.length - line.trimStart().length
}
