import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import type { BaseFacts, BaseRequest } from '../core/base.ts'
import { gitText, isRepository, isShallow, mergeBase, resolveCommit } from './git.ts'

/** Collects what git knows for one request; asks nothing that the answer cannot depend on. */
export async function collectBaseFacts(root: string, request: BaseRequest): Promise<BaseFacts> {
  const repository = await isRepository(root)
  if (!repository) return { ...NO_REPOSITORY, head: undefined }
  const head = await resolveCommit(root, request.head ?? 'HEAD')
  const facts = { repository, shallow: await isShallow(root), head, clean: request.head !== undefined || (await isClean(root)) }
  if (request.base !== undefined) {
    const base = await resolveCommit(root, request.base)
    const common = base === undefined || head === undefined ? undefined : await mergeBase(root, base, head)
    return { ...facts, base, mergeBase: common, defaultBranch: undefined }
  }
  const candidates = await defaultBranchRefs(root)
  const nearest = head === undefined ? undefined : await nearestAncestor(root, head, candidates)
  return {
    ...facts,
    base: undefined,
    mergeBase: nearest?.commit,
    defaultBranch: (nearest?.ref ?? candidates[0])?.replace(SHORT_REF, ''),
  }
}

const NO_REPOSITORY: BaseFacts = {
  repository: false,
  shallow: false,
  head: undefined,
  clean: true,
  base: undefined,
  mergeBase: undefined,
  defaultBranch: undefined,
}

const SHORT_REF = /^refs\/(?:heads|remotes)\//u

async function isClean(root: string): Promise<boolean> {
  return (await gitText(root, ['status', '--porcelain', '--untracked-files=normal', '--', '.'])) === ''
}

/**
 * The full names of the refs that hold the default branch: the published one, and the local one unless it is checked
 * out (a branch says nothing about itself).
 */
async function defaultBranchRefs(root: string): Promise<string[]> {
  const current = await gitText(root, ['symbolic-ref', '--quiet', 'HEAD'])
  for (const name of await defaultBranchNames(root)) {
    const known: string[] = []
    for (const ref of [`refs/remotes/origin/${name}`, `refs/remotes/${name}`, `refs/heads/${name}`]) {
      if ((await gitText(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])) !== undefined) known.push(ref)
    }
    const [first, ...others] = known.filter((ref) => ref !== current)
    if (first !== undefined) return [first, ...others]
    if (known.length > 0) return known
  }
  return []
}

/** A configured name is the only candidate: when it is not there, guessing another branch could compare with anything. */
async function defaultBranchNames(root: string): Promise<string[]> {
  const configured = configuredDefaultBase(root)
  if (configured !== undefined) return [configured]
  const origin = await gitText(root, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'])
  return [...(origin === undefined ? [] : [origin.replace(/^origin\//u, '')]), 'main', 'master']
}

function configuredDefaultBase(root: string): string | undefined {
  try {
    const parsed = parse(readFileSync(join(root, 'nx.json'), 'utf8')) as { readonly defaultBase?: unknown } | undefined
    const name = parsed?.defaultBase
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch (error) {
    // A folder without nx.json has no configured name; anything else that is wrong with the file, Nx itself names.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Of the refs that share history with `head`, the one whose common ancestor is the youngest. */
async function nearestAncestor(
  root: string,
  head: string,
  refs: readonly string[],
): Promise<{ ref: string; commit: string } | undefined> {
  let nearest: { ref: string; commit: string } | undefined
  for (const ref of refs) {
    const commit = await mergeBase(root, ref, head)
    if (commit === undefined) continue
    if (nearest === undefined || (await mergeBase(root, nearest.commit, commit)) === nearest.commit) {
      nearest = nearest?.commit === commit ? nearest : { ref, commit }
    }
  }
  return nearest
}
