import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ActionMetadata, actionMetadata } from '../../core/pins/action-metadata.ts'
import { tagsOf, type Tags } from '../../core/pins/remote-tags.ts'
import { type Answer, remoteGit } from './remote-git.ts'

/** A repository of actions, as far as it was asked. Everything that it sends lies in a temporary folder. */
export interface Remote {
  readonly tags: () => Promise<Answer<Tags>>
  /** `tag` must be one that `tags` gave, and `sha` its commit. */
  readonly release: (tag: string, sha: string, paths: readonly (string | undefined)[]) => Promise<Answer<Release>>
}

export interface Release {
  /** The newest of the dates that the commit and the tag claim. Whoever made them chose them. */
  readonly claimed: Date
  /** action.yml of each path, or the workflow that it names, in their order; `undefined` where there is none. */
  readonly metadata: readonly (ActionMetadata | undefined)[]
}

export interface RemoteOptions {
  readonly url: string
  /** For each command of git. */
  readonly timeoutMs: number
}

/** Does `work` with a repository, and removes what it left on the disk. */
export async function withRemote<Value>(
  { url, timeoutMs }: RemoteOptions,
  work: (remote: Remote) => Promise<Value>,
): Promise<Value> {
  const cwd = mkdtempSync(join(tmpdir(), 'interlock-pins-'))
  const protocol = new URL(url).protocol.slice(0, -1)
  const git = (...args: readonly string[]): Promise<Answer<string>> => remoteGit(args, { cwd, protocol, timeoutMs })
  try {
    return await work({
      tags: async () => {
        const listing = await git('ls-remote', '--tags', '--', url)
        return listing.kind === 'answer' ? { kind: 'answer', value: tagsOf(listing.value) } : listing
      },
      release: (tag, sha, paths) => releaseOf({ git, url, tag, sha }, paths),
    })
  } finally {
    rmSync(cwd, { recursive: true, force: true, maxRetries: 3 })
  }
}

interface ReleasePlace {
  readonly git: (...args: readonly string[]) => Promise<Answer<string>>
  readonly url: string
  readonly tag: string
  readonly sha: string
}

async function releaseOf({ git, url, tag, sha }: ReleasePlace, paths: readonly (string | undefined)[]): Promise<Answer<Release>> {
  const name = `refs/tags/${tag}`
  const steps = [
    ['init', '--quiet', '--bare'],
    ['config', 'remote.origin.url', url],
    // The commit alone: its files come when they are read.
    ['fetch', '--quiet', '--depth=1', '--filter=blob:none', '--no-tags', '--force', 'origin', `${name}:${name}`],
  ]
  for (const step of steps) {
    const done = await git(...step)
    if (done.kind === 'no-answer') return done
  }
  const commit = await git('rev-parse', '--verify', `${name}^{commit}`)
  if (commit.kind === 'no-answer') return commit
  if (commit.value.trim() !== sha) return { kind: 'no-answer', reason: `the tag ${tag} moved while it was read` }
  const dates: string[] = []
  // The tag's own date, which is the commit's where the tag is no object of its own; then the commit's.
  for (const words of [
    ['for-each-ref', '--format=%(creatordate:unix)', name],
    ['log', '-1', '--format=%ct', sha],
  ]) {
    const date = await git(...words)
    if (date.kind === 'no-answer') return date
    dates.push(date.value.trim())
  }
  const metadata: (ActionMetadata | undefined)[] = []
  for (const path of paths) {
    const text = await actionFile(git, sha, path)
    if (text.kind === 'no-answer') return text
    metadata.push(actionMetadata(text.value))
  }
  return { kind: 'answer', value: { claimed: new Date(1000 * Math.max(...dates.map(Number))), metadata } }
}

/** Trees come with the commit, so a name that is not in them is known to be missing; a file may still have to be asked for. */
async function actionFile(git: ReleasePlace['git'], sha: string, path: string | undefined): Promise<Answer<string>> {
  const folder = path === undefined ? '' : `${path}/`
  const isWorkflow = path !== undefined && /\.ya?ml$/u.test(path)
  const files = isWorkflow ? [path] : ['yml', 'yaml'].map((extension) => `${folder}action.${extension}`)
  const listing = await git('ls-tree', '--name-only', sha, '--', ...files)
  if (listing.kind === 'no-answer') return listing
  const [file] = listing.value.split('\n')
  if (file === undefined || file === '') return { kind: 'answer', value: '' }
  return git('cat-file', 'blob', `${sha}:${file}`)
}
