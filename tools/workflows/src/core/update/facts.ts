import { z } from 'zod'
import type { Metadata } from './metadata.ts'

const ACCOUNT = z.object({ login: z.string(), type: z.string() })

/** Who GitHub cannot find is null, or an object without anything in it. */
const SOMEBODY = z.object({ login: z.string().optional(), type: z.string().optional() }).nullable()

/** GitHub's description promises the list to nobody. */
const listOf = <Item extends z.ZodType>(item: Item): z.ZodType<z.output<Item>[]> =>
  z
    .array(item)
    .nullish()
    .transform((list) => list ?? [])

/** A repository that is gone is null. */
const REPOSITORY = z.object({ full_name: z.string() }).nullable()

/** What is read of `GET /repos/{owner}/{repo}/pulls/{pull_number}`. */
export const pullSchema: z.ZodType<PullRequest> = z.object({
  node_id: z.string().min(1),
  number: z.number(),
  state: z.string(),
  draft: z.boolean(),
  title: z.string(),
  user: ACCOUNT.nullable(),
  head: z.object({ sha: z.string(), repo: REPOSITORY }),
  base: z.object({ ref: z.string(), repo: REPOSITORY }),
  labels: z.array(z.object({ name: z.string() })),
  requested_reviewers: listOf(z.object({ login: z.string() })),
  requested_teams: listOf(z.object({ slug: z.string() })),
  auto_merge: z.object({ enabled_by: ACCOUNT }).nullable(),
  commits: z.number(),
  changed_files: z.number(),
})

export const filesSchema: z.ZodType<readonly ChangedFile[]> = z.array(
  z.object({ filename: z.string(), status: z.string(), previous_filename: z.string().optional() }),
)

export const commitsSchema: z.ZodType<readonly Commit[]> = z.array(
  z.object({
    sha: z.string(),
    author: SOMEBODY,
    committer: SOMEBODY,
    commit: z.object({ verification: z.object({ verified: z.boolean() }).optional() }),
  }),
)

export const rulesSchema: z.ZodType<readonly BranchRule[]> = z.array(
  z.object({
    type: z.string(),
    parameters: z.object({ required_status_checks: z.array(z.object({ context: z.string() })).optional() }).optional(),
  }),
)

/** What is read of `GET /repos/{owner}/{repo}`; the settings are there for who may push. */
export const repositorySchema: z.ZodType<RepositorySettings> = z.object({
  allow_auto_merge: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
})

/** What is read of the payload of `pull_request`. */
export const eventSchema: z.ZodType<PullRequestEvent> = z.object({
  repository: z.object({ full_name: z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*\/[A-Za-z0-9_.-]+$/u) }),
  pull_request: z.object({ number: z.int().positive(), head: z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/u) }) }),
})

/** An account of GitHub. */
export interface Account {
  readonly login: string
  readonly type: string
}

/** Whom GitHub takes for the author of a commit, where it knows. */
export type Somebody = Partial<{ readonly [Key in keyof Account]: Account[Key] | undefined }> | null

export interface PullRequest {
  readonly node_id: string
  readonly number: number
  readonly state: string
  readonly draft: boolean
  readonly title: string
  readonly user: Account | null
  readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null }
  readonly base: { readonly ref: string; readonly repo: { readonly full_name: string } | null }
  readonly labels: readonly { readonly name: string }[]
  readonly requested_reviewers: readonly { readonly login: string }[]
  readonly requested_teams: readonly { readonly slug: string }[]
  readonly auto_merge: { readonly enabled_by: Account } | null
  readonly commits: number
  readonly changed_files: number
}

export interface ChangedFile {
  readonly filename: string
  readonly status: string
  readonly previous_filename?: string | undefined
}

export interface Commit {
  readonly sha: string
  readonly author: Somebody
  readonly committer: Somebody
  readonly commit: { readonly verification?: { readonly verified: boolean } | undefined }
}

export interface BranchRule {
  readonly type: string
  readonly parameters?: { readonly required_status_checks?: readonly { readonly context: string }[] | undefined } | undefined
}

interface RepositorySettings {
  readonly allow_auto_merge?: boolean | undefined
  readonly allow_squash_merge?: boolean | undefined
  readonly allow_merge_commit?: boolean | undefined
  readonly allow_rebase_merge?: boolean | undefined
}

export interface PullRequestEvent {
  readonly repository: { readonly full_name: string }
  readonly pull_request: { readonly number: number; readonly head: { readonly sha: string } }
}

/** Everything that decides about an update. */
export interface UpdateFacts {
  /** What this run was started for. */
  readonly event: PullRequestEvent
  /** The pull request as it is now, which may be newer. */
  readonly pull: PullRequest
  readonly metadata: Metadata
  readonly commits: readonly Commit[]
  readonly files: readonly ChangedFile[]
  /** Tasks of tests that the plan of this run has; `undefined` where nothing is known of it. */
  readonly tests: number | undefined
  /** Rules of the branch that the pull request is for. */
  readonly rules: readonly BranchRule[]
  readonly allowsAutoMerge: boolean
}
