import type { Writer } from '../entry.ts'
import type { ClaimNames, Issuer } from './schema.ts'

/** What an issuer signed, as it came. */
export type Claims = Readonly<Record<string, unknown>>

const GITHUB: ClaimNames = {
  ref: 'ref',
  event: 'event_name',
  protected: 'ref_protected',
  base_ref: 'base_ref',
  run: 'run_id',
  job: 'check_run_id',
  actor: 'actor_id',
  commit: 'sha',
}

/** GitLab signs nothing about the target of a merge request. */
const GITLAB: ClaimNames = {
  ref: 'ref',
  event: 'pipeline_source',
  protected: 'ref_protected',
  run: 'pipeline_id',
  job: 'job_id',
  actor: 'user_id',
  commit: 'sha',
}

export function claimNames(issuer: Issuer): ClaimNames {
  if (issuer.kind === 'other') return issuer.claims
  return issuer.kind === 'github' ? GITHUB : GITLAB
}

/** A claim as text: texts, numbers and booleans are compared by how they are written. Lists and objects are no texts. */
export function textOf(claims: Claims, name: string | undefined): string | undefined {
  if (name === undefined || !Object.hasOwn(claims, name)) return undefined
  const value = claims[name]
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/**
 * The reference that a job runs for, in the words of git. GitLab's `ref` is a short name, and a tag and a branch may have
 * the same one.
 */
export function refOf(issuer: Issuer, claims: Claims): string | undefined {
  const ref = textOf(claims, claimNames(issuer).ref)
  if (ref === undefined || ref === '') return undefined
  if (issuer.kind !== 'gitlab') return ref
  const type = textOf(claims, 'ref_type')
  if (type === 'branch') return `refs/heads/${ref}`
  return type === 'tag' ? `refs/tags/${ref}` : undefined
}

/** How `ref` is written in the tokens of a branch. */
export function branchRefs(issuer: Issuer, branch: string): readonly string[] {
  if (issuer.kind === 'github') return [`refs/heads/${branch}`]
  return issuer.kind === 'gitlab' ? [branch] : [branch, `refs/heads/${branch}`]
}

/** Long enough for every id; a claim that is longer is none. */
const LONGEST_ID = 256

export function writerOf(issuer: Issuer, claims: Claims): Writer {
  const names = claimNames(issuer)
  const written = (['run', 'job', 'actor', 'commit'] as const).flatMap((part) => {
    const value = textOf(claims, names[part])
    return value === undefined || value === '' || value.length > LONGEST_ID ? [] : [[part, value] as const]
  })
  return { issuer: issuer.iss, ...Object.fromEntries(written) }
}
