import { z } from 'zod'

/** The workspace that Turborepo's `slug` or `teamId` names; it selects nothing but what the token is checked against. */
export function teamOf(
  query: string,
): { readonly kind: 'team'; readonly workspace: string | undefined } | { readonly kind: 'conflict' } {
  const parameters = new URLSearchParams(query)
  const names = [...parameters.getAll('slug'), ...parameters.getAll('teamId')].filter((name) => name !== '')
  return new Set(names).size > 1 ? { kind: 'conflict' } : { kind: 'team', workspace: names[0] }
}

/** Body of `POST /v8/artifacts`. */
export const queryRequest: z.ZodType<{ readonly hashes: readonly string[] }> = z.object({
  hashes: z.array(z.string().max(256)).max(1000),
})

/** Headers that a browser-like client may send, as the answer to its preflight. */
export const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, PUT, POST, OPTIONS',
  'access-control-allow-headers':
    'Authorization, Content-Type, Content-Length, User-Agent, x-artifact-duration, x-artifact-tag, x-artifact-dirty-hash, x-artifact-sha',
  'access-control-max-age': '600',
}
