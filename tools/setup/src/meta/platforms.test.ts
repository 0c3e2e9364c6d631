import { describe, expect, it } from 'vitest'
import { unguarded } from './platforms.ts'
import { TRACKED, text } from './repository.ts'

const SOURCES = TRACKED.filter((path) => /^(apps|libs)\/.*\.rs$/.test(path)).map((path) => ({ path, text: text(path) }))

/** The lines that are found in a file of this text, among others. */
function found(lines: string[], others: Record<string, string> = {}, path = 'src/a.rs'): string[] {
  const source = { path, text: lines.join('\n') }
  return unguarded(source, [source, ...Object.entries(others).map(([at, content]) => ({ path: at, text: content }))])
}

describe('what only one family of systems has', () => {
  it('stands in every crate below a cfg that says so: the crates compile for Windows and macOS', () => {
    expect(SOURCES.length).toBeGreaterThan(100)
    expect(SOURCES.flatMap((source) => unguarded(source, SOURCES))).toEqual([])
  })

  it.each([
    ['an import', ['use std::os::unix::fs::symlink;']],
    ['a call', ['fn a() {', '    rustix::process::getpid();', '}']],
    ['an import below a cfg of everything else', ['#[cfg(not(unix))]', 'use std::os::unix::fs::symlink;']],
    ['a call below a cfg of a test', ['#[cfg(test)]', 'mod tests {', '    fn a() {', '        libc::getpid();', '    }', '}']],
    ['a call behind an item that has a cfg', ['#[cfg(unix)]', 'use a::b;', '', 'use tokio::signal::unix::signal;']],
  ])('is found where nothing says so: %s', (_, lines) => {
    expect(found(lines)).toHaveLength(1)
  })

  it.each([
    ['an import', ['#[cfg(unix)]', '/// What it is.', 'use std::os::unix::fs::symlink;']],
    ['a function', ['#[cfg(unix)]', '#[test]', 'fn a(', '    b: u8,', ') -> u8 {', '    rustix::process::getpid()', '}']],
    ['a module', ['#[cfg(all(test, unix))]', 'mod tests {', '    use std::os::unix::fs::symlink;', '}']],
    ['a whole file', ['//! What it is.', '#![cfg(target_os = "linux")]', 'use std::os::unix::fs::symlink;']],
    ['a comment', ['// As libc::getpid does it.']],
  ])('may stand below a cfg: %s', (_, lines) => {
    expect(found(lines)).toEqual([])
  })

  it('may stand in a module that is declared below a cfg, at any height', () => {
    const lines = ['use std::os::unix::fs::symlink;']
    expect(found(lines, { 'src/main.rs': 'mod a;' })).toHaveLength(1)
    expect(found(lines, { 'src/main.rs': '#[cfg(unix)]\nmod a;' })).toEqual([])
    expect(found(lines, { 'tests/edge/main.rs': '#![cfg(unix)]\nmod idle;' }, 'tests/edge/idle.rs')).toEqual([])
    const above = { 'src/b.rs': 'mod a;', 'src/lib.rs': '#[cfg(unix)]\npub(crate) mod b;' }
    expect(found(lines, above, 'src/b/a.rs')).toEqual([])
  })
})
