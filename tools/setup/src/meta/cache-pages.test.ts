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

type Kind = 'gitlab' | 'policy' | 'refused' | 'workflow'

function of(kind: Kind): typeof blocks {
  return blocks.filter((block) => block.kind === kind)
}

/** The name of a file of the workspace that holds the text. */
function shown(yaml: string): string {
  writeFileSync(join(workspace, 'shown.yaml'), yaml)
  return 'shown.yaml'
}

function kindOf(yaml: string): Kind {
  if (yaml.startsWith('# refused: ')) return 'refused'
  if (yaml.startsWith('workspaces:')) return 'policy'
  return yaml.includes('\njobs:') ? 'workflow' : 'gitlab'
}

describe('the pages about the policy of the cache', () => {
  it('show policies for GitHub, GitLab and others, workflows, and what is refused', () => {
    expect(of('policy').length).toBeGreaterThanOrEqual(5)
    expect(of('workflow')).toHaveLength(2)
    expect(of('gitlab')).toHaveLength(1)
    expect(of('refused').length).toBeGreaterThanOrEqual(1)
  })

  it.each(of('policy'))('$page: policy $index is safe', ({ yaml }) => {
    expect(interlock('cache', 'policy', 'lint', shown(yaml))).toMatchObject({ status: 0, stderr: '' })
  })

  it.each(of('workflow'))('$page: nothing is wrong with workflow $index', ({ yaml }) => {
    expect(interlock('ci', 'lint', shown(yaml)).stdout).toContain('no findings in 1 file')
  })

  it.each(of('gitlab'))('$page: the job of GitLab ($index) asks for a token for this cache', ({ yaml }) => {
    expect(yaml).toMatch(/id_tokens:\n {4}INTERLOCK_CACHE_ID_TOKEN:\n {6}aud: https:\/\/cache\.acme\.dev\n/)
  })

  it.each(of('refused'))('$page: policy $index is refused for what it says', ({ yaml }) => {
    const { status, stdout } = interlock('cache', 'policy', 'lint', shown(yaml), '--json')
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
