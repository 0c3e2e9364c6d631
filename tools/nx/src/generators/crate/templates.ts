import { tableAt, type TomlTable } from '@interlock/kit'

/** What a crate takes over from `[workspace.package]` when it is there, in the order of a manifest. */
const INHERITED = ['version', 'edition', 'rust-version', 'license', 'license-file', 'repository', 'publish']

/** The manifest of a crate without dependencies that inherits whatever its workspace offers. */
export function crateManifest(name: string, workspace: { manifest: TomlTable; edition: string }): string {
  const shared = tableAt(workspace.manifest, ['workspace', 'package']) ?? {}
  const own: Record<string, string> = { version: '0.1.0', edition: workspace.edition }
  const lines = INHERITED.flatMap((key) => {
    if (Object.hasOwn(shared, key)) return [`${key}.workspace = true`]
    return own[key] === undefined ? [] : [`${key} = "${own[key]}"`]
  })
  const lints = tableAt(workspace.manifest, ['workspace', 'lints']) === undefined ? [] : ['', '[lints]', 'workspace = true']
  return ['[package]', `name = "${name}"`, ...lines, ...lints, '', '[dependencies]', ''].join('\n')
}

/** A scaffolded source file made fit for `missing_docs`, and a program made testable. */
export function sourceFile(path: string, scaffold: string, name: string): string {
  return path === 'src/main.rs' ? program(name) : `//! The crate \`${name}\`.\n\n${scaffold.trim()}\n`
}

function program(name: string): string {
  return `//! The program \`${name}\`.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    writeln!(io::stdout(), "{}", greeting("world"))
}

/// What the program says.
fn greeting(name: &str) -> String {
    format!("Hello, {name}!")
}

#[cfg(test)]
mod tests {
    use super::greeting;

    #[test]
    fn greets_by_name() {
        assert_eq!(greeting("world"), "Hello, world!");
    }
}
`
}
