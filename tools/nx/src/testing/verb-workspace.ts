import { createNxWorkspace, type NxWorkspace } from './nx-workspace.ts'

/** Two versions of `hex`, which only the crate `lone` reaches. */
export const LOCK_A: string =
  '[[package]]\nname = "hex"\nversion = "0.4.3"\nsource = "registry+https://example.invalid/index"\nchecksum = "aa"\n'
export const LOCK_B: string = LOCK_A.replace('0.4.3', '0.4.4').replace('"aa"', '"bb"')

/** Three crates, of which `high` depends on `low`; their tests print what the file `result.txt` beside them says. */
export function createVerbWorkspace(): NxWorkspace {
  return createNxWorkspace({
    'package.json': '{"name": "w", "private": true}',
    'rust-toolchain.toml': '[toolchain]\nchannel = "stable"\n',
    'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
    'Cargo.lock': lockText(LOCK_A),
    'interlock.yaml': 'graph:\n  irrelevant: ["notes/**"]\n',
    'notes/a.txt': 'x',
    ...crate('low', '', '#[test]\nfn works() {}\n#[test]\n#[ignore]\nfn later() {}\n'),
    ...crate('high', 'low = { path = "../low" }\n', '#[test]\nfn works() {}\n'),
    ...crate('lone', 'hex = "0.4"\n', ''),
    // Plain commands in place of cargo, which cannot fetch hex here; "high" waits for the tests of "low".
    ...projectJson('low', { executor: 'nx:run-commands', options: { command: 'cat crates/low/result.txt' } }),
    ...projectJson('high', {
      executor: 'nx:run-commands',
      dependsOn: ['^test'],
      options: { command: 'cat crates/high/result.txt' },
    }),
    ...projectJson('lone', { executor: 'nx:run-commands', options: { command: 'cat crates/lone/result.txt' } }),
    'crates/low/result.txt': 'test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n',
    'crates/high/result.txt': '== 3 passed, 1 skipped in 0.01s ==\n',
    'crates/lone/result.txt': '      Tests  4 passed (4)\n',
  })
}

function crate(name: string, dependencies: string, source: string): Record<string, string> {
  const manifest = `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n${dependencies}`
  return { [`crates/${name}/Cargo.toml`]: manifest, [`crates/${name}/src/lib.rs`]: source }
}

function projectJson(name: string, test: object): Record<string, string> {
  return { [`crates/${name}/project.json`]: JSON.stringify({ name, targets: { test: { ...test, cache: true } } }) }
}

/** A lock file with this `hex` and the three members. */
export function lockText(hex: string): string {
  const member = (name: string, needs: string): string =>
    `[[package]]\nname = "${name}"\nversion = "0.1.0"\n${needs === '' ? '' : `dependencies = [\n "${needs}",\n]\n`}`
  return ['version = 4\n', hex, member('high', 'low'), member('lone', 'hex'), member('low', '')].join('\n')
}
