import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, text } from './repository.ts'

const GUIDE = 'apps/docs/content/guides/cache-policy.md'
const PAGES = [GUIDE, 'apps/docs/content/concepts/cache-threat-model.md']

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

let workspace: string
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'interlock-pages-'))
  writeFileSync(join(workspace, 'nx.json'), '{}')
  symlinkSync(join(ROOT, 'node_modules'), join(workspace, 'node_modules'), 'junction')
})
afterAll(() => rmSync(workspace, { recursive: true }))

function interlock(...words: readonly string[]): Ran {
  const program = join(ROOT, 'node_modules', '@interlock', 'cli', 'bin', 'interlock.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: workspace, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** The YAML of the pages, each with what it is. */
const blocks = PAGES.flatMap((page) =>
  [...text(page).matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml = ''], index) => ({
    page,
    index,
    yaml,
    kind: kindOf(yaml),
  })),
)

function kindOf(yaml: string): 'policy' | 'refused' | 'workflow' | 'gitlab' {
  if (yaml.startsWith('# refused: ')) return 'refused'
  if (yaml.startsWith('workspaces:')) return 'policy'
  return yaml.includes('\njobs:') ? 'workflow' : 'gitlab'
}

describe('the pages about the policy of the cache', () => {
  it('show policies for GitHub, GitLab and others, workflows, and what is refused', () => {
    const count = (kind: string): number => blocks.filter((block) => block.kind === kind).length
    expect(count('policy')).toBeGreaterThanOrEqual(5)
    expect(count('workflow')).toBe(2)
    expect(count('gitlab')).toBe(1)
    expect(count('refused')).toBeGreaterThanOrEqual(1)
  })

  it.each(blocks)('$page: YAML $index, a $kind, is what it says it is', ({ yaml, kind }) => {
    writeFileSync(join(workspace, 'shown.yaml'), yaml)
    if (kind === 'policy') expect(interlock('cache', 'policy', 'lint', 'shown.yaml')).toMatchObject({ status: 0, stderr: '' })
    if (kind === 'workflow') expect(interlock('ci', 'lint', 'shown.yaml').stdout).toContain('no findings in 1 file')
    if (kind === 'gitlab')
      expect(yaml).toMatch(/id_tokens:\n {4}INTERLOCK_CACHE_ID_TOKEN:\n {6}aud: https:\/\/cache\.acme\.dev\n/)
    if (kind !== 'refused') return
    const { status, stdout } = interlock('cache', 'policy', 'lint', 'shown.yaml', '--json')
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly id: string }[] }
    expect({ status, ids: findings.map(({ id }) => id) }).toEqual({ status: 1, ids: [/^# refused: (\S+)/.exec(yaml)?.[1]] })
  })

  it('have a row for every unsafe shape, in the words of the linter', () => {
    const source = text('apps/cache-server/src/core/policy/lint.ts')
    const table = source.slice(source.indexOf('FLAWS = {'), source.indexOf('} as const'))
    const shapes = [...table.matchAll(/^ {2}'([a-z-]+)': (?:'(.+)'|"(.+)"),$/gm)].map(
      ([, id, one, two]) => `| \`${id}\` | ${one ?? two} |`,
    )
    expect(shapes.length).toBeGreaterThan(25)
    expect(text(GUIDE).match(/^\| `[a-z-]+` \|.*$/gm)).toEqual(shapes)
  })
})

it('the schema of the policy that is published is the one that the verb prints', async () => {
  await expect(interlock('cache', 'policy', 'lint', '--schema').stdout).toMatchFileSnapshot(
    join(ROOT, 'apps/docs/content/public/cache-policy.schema.json'),
  )
})
