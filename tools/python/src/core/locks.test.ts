import type { ReaderResult } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { bundle, projectAt, readTexts, type Texts } from '../testing/bundle.ts'

const MEMBERS = { 'libs/api': 'api-server', 'libs/core': 'core', 'tools/cli': 'cli' }
const project = (name: string, rest = ''): string => `[project]\nname = "${name}"\n${rest}\n`

/** Projects whose slice differs between two states of a workspace. */
function moved(before: Texts, after: Texts): string[] {
  const [old, now] = [readTexts(before), readTexts(after)]
  return now.projects
    .filter(({ root, lock }) => JSON.stringify(lock) !== JSON.stringify(projectAt(old, root).lock))
    .map(({ root }) => root)
}

function packages(result: ReaderResult, root: string): string[] {
  const lines = projectAt(result, root).lock?.packages ?? []
  return [...new Set(lines.flatMap((line) => /^([^[=]+)(?:\[[^\]]*\])?==(\S+)/.exec(line)?.slice(1, 3).join('==') ?? []))].sort()
}

describe('uv.lock', () => {
  const files = bundle('uv-workspace')

  it.each([
    ['a direct dependency of two', 'packaging', ['libs/api', 'libs/core', 'tools/cli']],
    ['a dependency of a member that others reach', 'idna', ['libs/api', 'libs/core', 'tools/cli']],
    ['a dependency of one', 'typing-extensions', ['libs/api', 'libs/core', 'tools/cli']],
    ['a tool of the root group', 'six', ['libs/api', 'libs/core', 'tools/cli']],
  ])('moves with %s', (_, name, expected) => {
    const lock = files['uv.lock'] ?? ''
    const bumped = lock.replace(new RegExp(`(name = "${name}"\\nversion = ")[^"]*`), '$19.9.9')
    expect(bumped).not.toBe(lock)
    expect(moved(files, { ...files, 'uv.lock': bumped })).toEqual(expected)
  })

  it('moves only the project that reaches the package', () => {
    const alone = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text]))
    const lock = (alone['uv.lock'] ?? '') + '\n[[package]]\nname = "lonely"\nversion = "1"\nsource = { registry = "r" }\n'
    const needed = lock.replace(
      'dependencies = [\n    { name = "core" },\n]',
      'dependencies = [\n    { name = "core" },\n    { name = "lonely" },\n]',
    )
    expect(needed).not.toBe(lock)
    const bumped = needed.replace('name = "lonely"\nversion = "1"', 'name = "lonely"\nversion = "2"')
    expect(moved({ ...alone, 'uv.lock': needed }, { ...alone, 'uv.lock': bumped })).toEqual(['tools/cli'])
    const limited = (entry: string): Texts => ({ ...alone, 'uv.lock': needed.replace('[manifest]\n', `[manifest]\n${entry}\n`) })
    expect(moved(limited(''), limited('constraints = [{ name = "lonely", specifier = "<3" }]'))).toEqual(['tools/cli'])
    expect(moved(limited(''), limited('overrides = [{ name = "absent", specifier = "<3" }]'))).toEqual([])
    expect(moved(limited(''), limited('build-constraints = [{ name = "absent", specifier = "<3" }]'))).toHaveLength(3)
  })

  it('gives an extra of a member only to those who ask for it', () => {
    const result = readTexts(files)
    const extra = (root: string): boolean =>
      projectAt(result, root).lock?.packages.some((line) => line.startsWith('core[fast]')) === true
    expect(['libs/api', 'libs/core', 'tools/cli'].map((root) => extra(root))).toEqual([true, true, false])
  })

  it('does not move when a mirror, an upload time or a later revision changes the text', () => {
    const lock = (files['uv.lock'] ?? '')
      .replaceAll('registry.invalid', 'mirror.invalid')
      .replace(/revision = \d+/, 'revision = 99')
      .replaceAll(/, upload-time = "[^"]*"/g, '')
    expect(moved(files, { ...files, 'uv.lock': lock })).toEqual([])
  })

  it('moves with a hash of the same version', () => {
    const lock = (files['uv.lock'] ?? '').replace(/(name = "idna"[\s\S]*?hash = "sha256:)./, '$1f')
    expect(moved(files, { ...files, 'uv.lock': lock })).toHaveLength(3)
  })

  it('lists the locked packages with what they need', () => {
    const { externals, projects } = readTexts(files)
    expect(externals.find((item) => item.name === 'pytest')?.dependencies.some((key) => key.startsWith('python:pluggy@'))).toBe(
      true,
    )
    const keys = new Set(externals.map((item) => item.key))
    expect(projects.flatMap((item) => item.externals).filter((key) => !keys.has(key))).toEqual([])
    expect(externals.flatMap((item) => item.dependencies).filter((key) => !keys.has(key))).toEqual([])
  })
})

describe('an exported requirements.lock', () => {
  const files = bundle('exported')

  it.each(Object.keys(MEMBERS))(
    'reaches from %s at least what uv.lock says, without the extras that the export leaves out',
    (root) => {
      const exact = packages(readTexts(bundle('uv-workspace')), root)
      const exported = new Set(packages(readTexts(files), root))
      const inExport: readonly string[] = (files['requirements.lock'] ?? '').match(/^[a-z0-9-]+==[^ ;\\]+/gm) ?? []
      expect(exact.filter((item) => inExport.includes(item) && !exported.has(item))).toEqual([])
    },
  )

  it('moves every project with a tool of the root, and only those who reach a package otherwise', () => {
    const bump = (name: string): Texts => {
      const lock = (files['requirements.lock'] ?? '').replace(new RegExp(`^${name}==\\S+`, 'm'), `${name}==99`)
      return { ...files, 'requirements.lock': lock }
    }
    expect(moved(files, bump('six'))).toEqual(['libs/api', 'libs/core', 'tools/cli'])
    expect(moved(files, bump('idna'))).toEqual(['libs/api', 'libs/core', 'tools/cli'])
  })

  it('finds a member by its # via lines and keeps the others still', () => {
    const root = '[tool.uv.workspace]\nmembers = ["*"]\n'
    const lock =
      'only-a==1 \\\n    --hash=sha256:aa\n    # via a\ndeep==2 ; python_version < "3.9"\n    # via\n    #   only-a\n    #   other\nother==3\n    # via b\n'
    const before = {
      'pyproject.toml': root,
      'a/pyproject.toml': project('a', 'dependencies = ["only-a"]'),
      'b/pyproject.toml': project('b'),
      'requirements.lock': lock,
    }
    expect(moved(before, { ...before, 'requirements.lock': lock.replace('only-a==1', 'only-a==2') })).toEqual(['a'])
    expect(moved(before, { ...before, 'requirements.lock': lock.replace('other==3', 'other==4') })).toEqual(['b'])
    expect(moved(before, { ...before, 'requirements.lock': lock.replace('deep==2', 'deep==3') })).toEqual(['a', 'b'])
  })

  it('says which names the lock does not know', () => {
    const result = readTexts({ 'a/pyproject.toml': project('a', 'dependencies = ["x", "y"]'), 'a/requirements.txt': 'x==1\n' })
    expect(projectAt(result, 'a').lock?.packages).toContain('y is not in the lock')
  })

  it('promise-2: moves with a needed project that has gone, which neither the lock nor the manifest says', () => {
    const uvLock =
      'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { editable = "a" }\ndependencies = [{ name = "b" }]\n' +
      '[[package]]\nname = "b"\nversion = "1"\nsource = { editable = "b" }\n[[package]]\nname = "c"\nversion = "1"\nsource = { editable = "c" }\n'
    const root = '[tool.uv.workspace]\nmembers = ["*"]\n'
    const needs = 'dependencies = ["b"]\n[tool.uv.sources]\nb = { path = "../b" }'
    const after = {
      'pyproject.toml': root,
      'a/pyproject.toml': project('a', needs),
      'c/pyproject.toml': project('c'),
    }
    for (const lock of [{ 'uv.lock': uvLock }, { 'requirements.lock': 'x==1\n' }]) {
      expect(moved({ ...after, ...lock, 'b/pyproject.toml': project('b') }, { ...after, ...lock })).toContain('a')
    }
  })

  it('takes a file that does not pin everything for no lock', () => {
    expect(
      projectAt(readTexts({ 'a/pyproject.toml': project('a'), 'a/requirements.txt': 'x==1\ny>=2\n' }), 'a').lock,
    ).toBeUndefined()
  })

  it("reads the one-line style of older pip-compile, direct references and -r owners as everyone's", () => {
    const text = '--index-url z\nx[e]==1 --hash=sha256:a --hash=sha256:b # via a, -r in.txt\nw @ file:///w.whl\n-c c.txt\n'
    const lines = projectAt(readTexts({ 'a/pyproject.toml': project('a'), 'requirements.lock': text }), 'a').lock?.packages ?? []
    expect(lines.map((line) => line.split(' ')[0]?.replace(/direct-.*/, 'direct'))).toEqual(['w==direct', 'x==1'])
  })
})

describe('poetry.lock and pylock.toml', () => {
  const lock = (version: string): string =>
    `[[package]]\nname = "Top"\nversion = "1"\nfiles = [{ file = "t", hash = "sha256:1" }]\n[package.dependencies]\ndeep = { version = ">=1", markers = "x" }\n\n` +
    `[[package]]\nname = "deep"\nversion = "2"\nmarkers = "python_version < \\"3.9\\""\nfiles = []\n\n[[package]]\nname = "stray"\nversion = "3"\n\n` +
    `[[package]]\nname = "b"\nversion = "0"\n[package.source]\ntype = "directory"\nurl = "../b"\n[package.dependencies]\ngitty = "*"\n\n` +
    `[[package]]\nname = "gitty"\nversion = "1"\n[package.source]\ntype = "git"\nurl = "u"\nresolved_reference = "abc"\n\n[metadata]\nlock-version = "${version}"\n`
  const manifest = '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\npython = "^3.9"\ntop = "^1"\nb = { path = "../b" }\n'

  it.each(['1.1', '2.1'])('slices poetry.lock %s by the names of the manifest, through local packages', (version) => {
    const files = {
      'a/pyproject.toml': manifest,
      'a/poetry.lock': lock(version),
      'b/pyproject.toml': '[tool.poetry]\nname = "b"\n',
    }
    const result = readTexts(files)
    expect(packages(result, 'a')).toEqual(['deep==2', 'gitty==1', 'top==1'])
    expect(projectAt(result, 'a').targets).toEqual({})
    expect(projectAt(result, 'b').lock).toBeUndefined()
    expect(moved(files, { ...files, 'a/poetry.lock': lock(version).replace('"abc"', '"def"') })).toContain('a')
    expect(moved(files, { ...files, 'a/poetry.lock': lock(version).replace('"3"', '"4"') })).toEqual([])
  })

  it('gives a pylock.toml without dependencies to every project as a whole', () => {
    const files = bundle('pylock')
    const all = packages(readTexts(files), 'libs/api')
    expect(all.length).toBeGreaterThan(10)
    expect(packages(readTexts(files), 'tools/cli')).toEqual(all)
  })

  it('slices a pylock.toml that tells dependencies', () => {
    const text =
      'lock-version = "1.0"\n[[packages]]\nname = "x"\nversion = "1"\ndependencies = [{ name = "y" }]\n[[packages]]\nname = "y"\nversion = "2"\n[[packages]]\nname = "z"\nvcs = { commit-id = "c" }\n'
    expect(
      packages(readTexts({ 'a/pyproject.toml': project('a', 'dependencies = ["x"]'), 'a/pylock.dev.toml': text }), 'a'),
    ).toEqual(['x==1', 'y==2'])
  })

  it('prefers uv.lock, poetry.lock, pylock.toml, requirements.lock and requirements.txt in this order', () => {
    const locks = {
      'requirements.txt': 'x==1\n',
      'requirements.lock': 'x==1\n',
      'pylock.toml': 'lock-version = "1.0"\n',
      'poetry.lock': '',
      'uv.lock': 'version = 1\n[[package]]\nname = "a"\nsource = { virtual = "." }\n',
    }
    const order: (string | undefined)[] = []
    const texts: Record<string, string> = { 'pyproject.toml': project('a') }
    for (const [name, text] of Object.entries(locks)) {
      texts[name] = text
      order.push(projectAt(readTexts(texts), '.').lock?.file)
    }
    expect(order).toEqual(Object.keys(locks))
  })

  it('takes the nearest requirements file up the tree, but no poetry.lock of another package', () => {
    const texts = { 'x/a/pyproject.toml': project('a'), 'x/poetry.lock': '', 'requirements.txt': 'y==1\n' }
    expect(projectAt(readTexts(texts), 'x/a').lock?.file).toBe('requirements.txt')
  })
})

describe('the root manifest', () => {
  const base: Texts = {
    'pyproject.toml':
      '[tool.uv.workspace]\nmembers = ["*"]\n[tool.uv.sources]\nx = { git = "g" }\n[tool.black]\nline-length = 90\n',
    'a/pyproject.toml': project('a', 'dependencies = ["x"]\n[tool.black]\nline-length = 80'),
    'b/pyproject.toml': project('b'),
    'requirements.lock': 'z==1\nonly-b==1\n    # via b\n',
  }
  const edit = (from: string, to: string): Texts => ({
    ...base,
    'pyproject.toml': (base['pyproject.toml'] ?? '').replace(from, to),
  })

  it.each<[string, Texts, readonly string[]]>([
    ['a source to those who depend on it', edit('"g"', '"h"'), ['a']],
    ['a tool table to those without their own', edit('90', '91'), ['b']],
    ['a key of tool.uv to everyone', edit('[tool.uv.sources]', '[tool.uv]\nprerelease = "allow"\n[tool.uv.sources]'), ['a', 'b']],
    [
      'a limit of a package to those who hold it',
      edit('[tool.uv.sources]', '[tool.uv]\noverride-dependencies = ["only-b<2"]\n[tool.uv.sources]'),
      ['b'],
    ],
    [
      'a limit that the lock does not know to everyone',
      edit('[tool.uv.sources]', '[tool.uv]\nconstraint-dependencies = ["q<2"]\n[tool.uv.sources]'),
      ['a', 'b'],
    ],
    [
      'limits of which one names nothing to everyone',
      edit('[tool.uv.sources]', '[tool.uv]\nconstraint-dependencies = ["only-b<2", "<2"]\n[tool.uv.sources]'),
      ['a', 'b'],
    ],
    ['a group to everyone', edit('[tool.black]', '[dependency-groups]\ndev = ["z"]\n[tool.black]'), ['a', 'b']],
    ['an unknown table to everyone', edit('[tool.black]', '[tool.strange]\nx = 1\n[tool.black]'), ['a', 'b']],
    ['members, comments and layout to nobody', edit('members = ["*"]', '# note\nmembers   = [ "a", "b" ]\nexclude = ["c"]'), []],
  ])('gives %s', (_, after, expected) => {
    expect(moved(base, after)).toEqual(expected)
  })

  it("gives a root package's own tables only to those who reach it", () => {
    const files: Texts = {
      ...base,
      'pyproject.toml': `${base['pyproject.toml']}[project]\nname = "root"\ndependencies = ["z"]\n`,
      'b/pyproject.toml': project('b', 'dependencies = ["root"]'),
    }
    const after = {
      ...files,
      'pyproject.toml': (files['pyproject.toml'] ?? '').replace('name = "root"', 'name = "root"\ndescription = "d"'),
    }
    expect(moved(files, after)).toEqual(['b'])
    expect(projectAt(readTexts(files), '.').lock?.rootManifest).toBeUndefined()
    expect(projectAt(readTexts(files), 'a').lock?.rootManifest).toBe('pyproject.toml')
  })
})
