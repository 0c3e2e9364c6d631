import { z } from 'zod'

/** Which commit may run on a machine of the owner, once a reviewer of its environment agrees; or why none may. */
export type Authorization =
  | { readonly kind: 'authorized'; readonly sha: string; readonly what: string }
  | { readonly kind: 'refused'; readonly reason: string }

export interface Request {
  /** `GITHUB_EVENT_NAME`. */
  readonly event: string
  readonly payload: unknown
  /** `GITHUB_SHA`: the commit that a person started a run on. */
  readonly sha: string
}

/** What a pull request is labelled with to run there. */
export const LABEL = 'gpu'

const COMMIT = z.string().regex(/^(?!0+$)(?:[0-9a-f]{40}|[0-9a-f]{64})$/u, 'is no commit')
const LABELED = z.object({
  action: z.literal('labeled'),
  label: z.object({ name: z.literal(LABEL) }),
  pull_request: z.object({
    number: z.int(),
    head: z.object({ sha: COMMIT, repo: z.object({ full_name: z.string() }) }),
    base: z.object({ repo: z.object({ full_name: z.string() }) }),
  }),
})
const MIRRORED = z.object({ ref: z.string().regex(/^refs\/heads\/pull-request\/[0-9]+$/u), after: COMMIT })

/**
 * Reads from the event which commit was asked for. The label speaks of the commit that it was put on: a later push has a
 * payload of its own, and this one keeps its commit.
 */
export function authorize({ event, payload, sha }: Request): Authorization {
  switch (event) {
    case 'pull_request':
      return read(event, LABELED.safeParse(payload), ({ pull_request: { number, head, base } }) => ({
        sha: head.sha,
        what: `pull request ${number}${head.repo.full_name === base.repo.full_name ? '' : `, from the fork ${head.repo.full_name}`}`,
      }))
    case 'push':
      return read(event, MIRRORED.safeParse(payload), ({ ref, after }) => ({ sha: after, what: `the mirror ${ref}` }))
    case 'workflow_dispatch':
      return read(event, COMMIT.safeParse(sha), (commit) => ({ sha: commit, what: 'a run that a person started' }))
    default:
      return { kind: 'refused', reason: `the event ${JSON.stringify(event)} runs nothing on a machine of the owner` }
  }
}

function read<T>(
  event: string,
  parsed: z.ZodSafeParseResult<T>,
  of: (value: T) => { readonly sha: string; readonly what: string },
): Authorization {
  if (parsed.success) return { kind: 'authorized', ...of(parsed.data) }
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(all)'}: ${message}`)
  return { kind: 'refused', reason: `the event ${event} does not say which commit (${fields.join('; ')})` }
}
