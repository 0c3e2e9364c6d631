import { describe, expect, it } from 'vitest'
import { crate, failure, lock, projectAt, read } from '../testing/small.ts'

const ROOT = '[workspace]\nmembers = ["a", "b"]\n'
const A = { 'Cargo.toml': '[workspace]\nmembers = ["a"]\n', 'a/Cargo.toml': crate('a') }

describe('manifests', () => {
  it('names file, line, column and reason of broken TOML', () => {
    expect(failure({ 'a/Cargo.toml': '[package]\nname = "a\n' })).toMatchInlineSnapshot(`
      "CARGO_MANIFEST_UNREADABLE: a/Cargo.toml:2:10: not valid TOML: control characters are not allowed in strings

      hint: correct the manifest; \`cargo metadata --no-deps\` shows what Cargo says about it"
    `)
  })

  it('refuses a manifest that is neither a package nor a workspace', () => {
    expect(failure({ 'a/Cargo.toml': '[profile.dev]\n' })).toMatchInlineSnapshot(`
      "CARGO_MANIFEST_UNREADABLE: a/Cargo.toml: has neither a \`[package]\` nor a \`[workspace]\` table

      hint: correct the manifest; \`cargo metadata --no-deps\` shows what Cargo says about it"
    `)
  })

  it('refuses a package without a name', () => {
    expect(failure({ 'a/Cargo.toml': '[package]\nversion = "1.0.0"\n' })).toMatchInlineSnapshot(`
      "CARGO_MANIFEST_UNREADABLE: a/Cargo.toml: \`package.name\` is missing

      hint: correct the manifest; \`cargo metadata --no-deps\` shows what Cargo says about it"
    `)
  })

  it('refuses a dependency that is neither a version nor a table', () => {
    expect(failure({ 'a/Cargo.toml': crate('a', '[dependencies]\nx = 1\n') })).toMatchInlineSnapshot(`
      "CARGO_MANIFEST_UNREADABLE: a/Cargo.toml: \`dependencies.x\` must be a version or a table

      hint: correct the manifest; \`cargo metadata --no-deps\` shows what Cargo says about it"
    `)
  })

  it('refuses a path of the wrong type', () => {
    expect(failure({ 'a/Cargo.toml': crate('a', '[dependencies]\nx = { path = 1 }\n') })).toMatchInlineSnapshot(`
      "CARGO_MANIFEST_UNREADABLE: a/Cargo.toml: \`dependencies.x.path\` must be a string, not a number

      hint: correct the manifest; \`cargo metadata --no-deps\` shows what Cargo says about it"
    `)
  })

  it('reads CRLF like LF', () => {
    const files = {
      ...A,
      'a/Cargo.toml': crate('a', '[dependencies]\nb = "1"\n'),
      'Cargo.lock': lock('a 0.1.0: b', 'b 1.0.0 registry'),
    }
    const crlf = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]))
    expect(read(crlf)).toEqual(read(files))
  })

  it('reads a manifest of 5 MB', () => {
    const entries = Array.from({ length: 230_000 }, (_, index) => `feature-${index} = ["x"]`).join('\n')
    const text = crate('a', `[features]\nx = []\n${entries}\n`)
    expect(text.length).toBeGreaterThan(5_000_000)
    expect(projectAt(read({ 'a/Cargo.toml': text }), 'a').name).toBe('a')
  })

  it('is read again after it was mended', () => {
    failure({ 'a/Cargo.toml': '[package' })
    expect(read({ 'a/Cargo.toml': crate('a') }).projects).toHaveLength(1)
  })

  it('names a broken Cargo configuration', () => {
    expect(failure({ 'a/Cargo.toml': crate('a'), '.cargo/config.toml': 'x' })).toMatch(
      /^CARGO_MANIFEST_UNREADABLE: \.cargo\/config\.toml:1:\d+: not valid TOML/,
    )
  })
})

describe('workspaces', () => {
  it('names a member without a manifest', () => {
    expect(failure({ 'Cargo.toml': ROOT, 'a/Cargo.toml': crate('a') })).toMatchInlineSnapshot(`
      "CARGO_WORKSPACE_INVALID: Cargo.toml:2:17: the workspace member "b" has no Cargo.toml that is in the repository

      hint: correct \`workspace.members\`, or add the crate to git if it is ignored"
    `)
  })

  it('names a member that leads outside the repository', () => {
    expect(failure({ 'Cargo.toml': '[workspace]\nmembers = ["../x"]\n' })).toMatchInlineSnapshot(`
      "CARGO_PATH_OUTSIDE: Cargo.toml:2:12: the workspace member "../x" leads outside the repository

      hint: move the crate into the repository or remove the member"
    `)
  })

  it('names a crate that believes it is in a workspace', () => {
    expect(failure({ ...A, 'c/Cargo.toml': crate('c') })).toMatchInlineSnapshot(`
      "CARGO_WORKSPACE_INVALID: c/Cargo.toml:1:1: the package believes that it is in the workspace of Cargo.toml, which does not list it

      hint: add "c" to \`workspace.members\` or \`workspace.exclude\` in Cargo.toml, or put an empty \`[workspace]\` table into c/Cargo.toml"
    `)
  })

  it('names a member that is the root of another workspace', () => {
    expect(failure({ ...A, 'a/Cargo.toml': `${crate('a')}[workspace]\n` })).toMatchInlineSnapshot(`
      "CARGO_WORKSPACE_INVALID: Cargo.toml:1:1: a/Cargo.toml is a member of this workspace and the root of another one

      hint: add "a" to \`workspace.exclude\`"
    `)
  })

  it('names a virtual member', () => {
    expect(failure({ ...A, 'a/Cargo.toml': '[workspace]\n' })).toMatch(
      /^CARGO_WORKSPACE_INVALID: Cargo\.toml:1:1: a\/Cargo\.toml is a member/,
    )
  })

  it('names a member beside the root that does not point to it', () => {
    expect(failure({ 'w/Cargo.toml': '[workspace]\nmembers = ["../x"]\n', 'x/Cargo.toml': crate('x') })).toMatchInlineSnapshot(`
      "CARGO_WORKSPACE_INVALID: x/Cargo.toml:1:1: is a member of w/Cargo.toml but neither below it nor pointing to it

      hint: set \`package.workspace\` to the directory of the workspace, or correct \`members\` and \`exclude\`"
    `)
  })

  it('names a member that points to another workspace', () => {
    const files = { ...A, 'other/Cargo.toml': '[workspace]\nmembers = []\n' }
    const pointing = '[package]\nname = "a"\nworkspace = "../other"\n'
    expect(failure({ ...files, 'a/Cargo.toml': pointing })).toMatchInlineSnapshot(`
      "CARGO_WORKSPACE_INVALID: a/Cargo.toml:1:1: is a member of Cargo.toml, but Cargo finds its workspace in other/Cargo.toml

      hint: set \`package.workspace\` to the directory of the workspace, or correct \`members\` and \`exclude\`"
    `)
  })

  it('names a pointer to something that is no workspace', () => {
    expect(failure({ 'a/Cargo.toml': '[package]\nname = "a"\nworkspace = "../nowhere"\n' })).toMatchInlineSnapshot(`
      "CARGO_WORKSPACE_INVALID: a/Cargo.toml:3:13: \`package.workspace\` names "../nowhere", which is not the root of a workspace in this repository

      hint: name the directory of the Cargo.toml that has the \`[workspace]\` table"
    `)
    expect(failure({ 'a/Cargo.toml': '[package]\nname = "a"\nworkspace = "../../nowhere"\n' })).toMatch(
      /^CARGO_PATH_OUTSIDE: a\/Cargo\.toml:3:13/,
    )
  })

  it('names what is inherited but not defined', () => {
    expect(failure({ ...A, 'a/Cargo.toml': crate('a', '[dependencies]\nserde.workspace = true\n') })).toMatchInlineSnapshot(`
      "CARGO_WORKSPACE_INVALID: a/Cargo.toml:6:1: inherits \`workspace.dependencies.serde\`, which Cargo.toml does not define

      hint: add \`workspace.dependencies.serde\` to Cargo.toml, or write the value here"
    `)
    expect(failure({ ...A, 'a/Cargo.toml': '[package]\nname = "a"\nversion.workspace = true\n' })).toContain(
      'inherits `workspace.package.version`',
    )
    expect(failure({ ...A, 'a/Cargo.toml': crate('a', '[lints]\nworkspace = true\n') })).toContain('inherits `workspace.lints`')
  })

  it('has no edge for a path dependency that leads outside the repository', () => {
    const files = {
      'a/Cargo.toml': crate('a', '[dependencies]\nx = { path = "../../x" }\n'),
      'a/Cargo.lock': lock('a 0.1.0: x', 'x 3.0.0'),
    }
    expect(projectAt(read(files), 'a')).toMatchObject({ dependencies: [], lock: { packages: ['x 3.0.0 path'] } })
  })
})

describe('names', () => {
  it('refuses two packages of one name in a workspace', () => {
    expect(failure({ 'Cargo.toml': ROOT, 'a/Cargo.toml': crate('same'), 'b/Cargo.toml': crate('same') })).toMatchInlineSnapshot(`
      "GRAPH_NAME_DUPLICATE: b/Cargo.toml: two packages are named same: a/Cargo.toml and b/Cargo.toml

      hint: rename one of them"
    `)
  })

  it.each(['$(touch x)', 'a b', "it's", 'größe', '-dash', 'a.b', ''])('refuses the package name %j', (name) => {
    expect(failure({ 'a/Cargo.toml': crate(name) })).toBe(
      `GRAPH_NAME_UNSAFE: a/Cargo.toml: the package name ${JSON.stringify(name)} is no plain word and cannot stand in a command\n\nhint: use ASCII letters, digits, \`_\` and \`-\`, as the crates registry asks`,
    )
  })

  it('refuses a qualified name that another crate has', () => {
    const files = { 'x/Cargo.toml': crate('fuzz'), 'y/Cargo.toml': crate('fuzz'), 'z/Cargo.toml': crate('fuzz-x') }
    expect(failure(files)).toContain('two packages are named fuzz-x')
  })
})

describe('cycles', () => {
  const files = (table: string): Record<string, string> => ({
    'Cargo.toml': ROOT,
    'a/Cargo.toml': crate('a', '[dependencies]\nb = { path = "../b" }\n'),
    'b/Cargo.toml': crate('b', `[${table}]\na = { path = "../a" }\n`),
  })

  it('refuses a real one and names the chain', () => {
    expect(failure(files('build-dependencies'))).toMatchInlineSnapshot(`
      "GRAPH_CYCLE: a/Cargo.toml: crates need each other to be built: a -> b -> a

      hint: move what they share into a crate of its own; only a dev-dependency may close a cycle"
    `)
  })

  it('allows one that a dev-dependency closes', () => {
    const result = read(files('dev-dependencies'))
    expect(projectAt(result, 'b').dependencies).toEqual([{ root: 'a', ecosystem: 'cargo', kind: 'dev' }])
  })

  it('refuses a crate that needs itself to be built', () => {
    expect(failure({ 'a/Cargo.toml': crate('a', '[dependencies]\na = { path = "." }\n') })).toContain(
      'crates need each other to be built: a -> a',
    )
  })
})

describe('locks', () => {
  it('refuses one that is newer than it knows', () => {
    expect(failure({ ...A, 'Cargo.lock': '# generated\nversion = 5\n' })).toMatchInlineSnapshot(`
      "CARGO_LOCK_TOO_NEW: Cargo.lock:2:1: lock format 5 is newer than 4, the newest that is understood

      hint: update @interlock/cargo, or write the lock with the Cargo of rust-toolchain.toml"
    `)
  })

  it('names a member that it misses', () => {
    expect(failure({ ...A, 'Cargo.lock': lock('other 0.1.0') })).toMatchInlineSnapshot(`
      "CARGO_LOCK_INCOMPLETE: Cargo.lock: has no entry for the workspace member a (a/Cargo.toml)

      hint: run \`cargo update --workspace --offline\` and commit the lock file"
    `)
  })

  it('names the line of merge conflicts', () => {
    expect(failure({ ...A, 'Cargo.lock': `${lock('a 0.1.0')}<<<<<<< HEAD\n` })).toMatch(
      /^CARGO_LOCK_UNREADABLE: Cargo\.lock:6:\d+: not valid TOML/,
    )
  })

  it('names a package that another one needs and that is not there', () => {
    expect(failure({ ...A, 'Cargo.lock': lock('a 0.1.0: gone') })).toMatchInlineSnapshot(`
      "CARGO_LOCK_INCOMPLETE: Cargo.lock:6: a package needs \`gone\`, which the lock does not hold

      hint: resolve merge conflicts in it, or remove it and run \`cargo generate-lockfile\`"
    `)
  })

  it('refuses a package that is listed twice, nameless packages and a version that is no number', () => {
    expect(failure({ ...A, 'Cargo.lock': lock('a 0.1.0', 'a 0.1.0') })).toContain('Cargo.lock: lists a 0.1.0 twice')
    expect(failure({ ...A, 'Cargo.lock': '[[package]]\nname = "a"\n' })).toContain('without a name or a version')
    expect(failure({ ...A, 'Cargo.lock': 'version = "4"\n' })).toContain('`version` must be a number')
  })

  it('widens the slice to the whole lock when a dependency is not in it', () => {
    const files = (other: string): Record<string, string> => ({
      ...A,
      'a/Cargo.toml': crate('a', '[dependencies]\nnew = "1"\n'),
      'Cargo.lock': lock('a 0.1.0', other),
    })
    const packages = (other: string): readonly string[] => projectAt(read(files(other)), 'a').lock?.packages ?? []
    expect(packages('x 1.0.0 registry')).toEqual([expect.stringMatching(/^! new is not in Cargo\.lock [0-9a-f]{64}$/)])
    expect(packages('x 1.0.1 registry')).not.toEqual(packages('x 1.0.0 registry'))
  })

  it('finds a member whose version was raised in the manifest only', () => {
    expect(projectAt(read({ ...A, 'Cargo.lock': lock('a 0.0.9') }), 'a').lock?.packages).toEqual([])
  })
})
