import { z } from 'zod'

/** A name of ours: of a workspace, an issuer, a rule, a token, a trusted scope. */
const word: z.ZodString = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9])){0,63}$/u, 'is no name: a-z, 0-9, _, - and single dots, at most 64 characters')

const text: z.ZodString = z
  .string({ error: ({ input }) => (typeof input === 'number' || typeof input === 'boolean' ? QUOTED : undefined) })
  .min(1, 'is empty')
  .max(1024, 'is longer than 1024 characters')
const QUOTED = 'is a text in every token: write it between quotes'

/** A name that stands in paths too. */
const workspaceName: z.ZodString = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/u, 'is no name: a-z, 0-9, _ and -, at most 64 characters')

const claimName: z.ZodString = z.string().regex(/^[A-Za-z_][\w.:/-]{0,127}$/u, 'is no name of a claim')
const url: z.ZodString = text.refine((value) => URL.canParse(value), 'is no URL')

const rule = z.strictObject({
  id: word.describe('Name of the rule: what audit lines and `explain` call it. Unique in its workspace.'),
  match: z
    .record(claimName, z.union([text, z.array(text).min(1)], { error: 'has to be a text between quotes, or a list of them' }))
    .describe('Claims and the exact text, or texts, that each must have. All of them must hold.'),
  read: z
    .array(text)
    .default([])
    .describe('Scopes that may be read, in this order: `trusted/<name>`, `trusted/{base_ref}`, then the scope that is written.'),
  write: text
    .optional()
    .describe('The scope that may be written: `trusted/<name>`, `queue/{ref}`, `pr/{ref}` or `branch/{ref}`.'),
})

const common = {
  aud: text.describe('The audience that tokens must have, exactly: the URL of the cache, so that no other service can use them.'),
  jwks_uri: url.optional().describe('Where the keys of the issuer are. Else its discovery document says it.'),
  pin: z
    .record(claimName, text)
    .describe('Claims that hold for every rule: the numeric ids of the repository, because names can be taken over.'),
  rules: z.array(rule).min(1, 'is empty: nobody is granted anything').describe('The first rule that matches decides.'),
}

/** Which claims of an issuer carry what a policy speaks of. */
const claims = z.strictObject({
  ref: claimName.describe('The reference that the job runs for, as the issuer checked it.'),
  event: claimName.describe('What started the job.'),
  protected: claimName.optional().describe('What only a job of a protected reference has.'),
  base_ref: claimName.optional().describe('The branch that a pull request is for.'),
  run: claimName.optional(),
  job: claimName.optional(),
  actor: claimName.optional(),
  commit: claimName.optional(),
})

const algorithms = (defaults: readonly string[]): z.ZodDefault<z.ZodArray<z.ZodString>> =>
  z
    .array(text)
    .min(1)
    .default([...defaults])
    .describe('Signature algorithms that are accepted.')

const replay = (
  standard: 'reusable' | 'single-use',
): z.ZodDefault<z.ZodEnum<{ reusable: 'reusable'; 'single-use': 'single-use' }>> =>
  z
    .enum(['reusable', 'single-use'])
    .default(standard)
    .describe('Whether a token may be exchanged once, or as often as its job needs.')

const issuer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('github'),
    name: word.default('github'),
    iss: url.default('https://token.actions.githubusercontent.com').describe('The issuer. GitHub Enterprise has others.'),
    algorithms: algorithms(['RS256']),
    replay: replay('single-use'),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('gitlab'),
    name: word.default('gitlab'),
    iss: url.default('https://gitlab.com').describe('The issuer: the URL of the GitLab instance.'),
    algorithms: algorithms(['RS256']),
    replay: replay('reusable'),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('other'),
    name: word,
    iss: url,
    algorithms: algorithms(['EdDSA', 'ES256', 'PS256', 'RS256']),
    replay: replay('single-use'),
    claims,
    ...common,
  }),
])

const staticToken = z.strictObject({
  name: word.describe('Whose it is: what audit lines say.'),
  hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/u, 'is no hash of a token: `sha256:` and 64 hex digits, as `interlock cache token` prints it'),
})

const workspace = z.strictObject({
  visibility: z.enum(['private', 'public']).default('private').describe('Whether everybody may see what is built here.'),
  anonymous: z
    .enum(['none', 'read-trusted'])
    .default('none')
    .describe('What who has no token may do. `read-trusted` is for public workspaces only.'),
  trusted: z
    .record(word, text)
    .describe('The trusted scopes, and the branch that each belongs to: `main: main` makes `trusted/main`.'),
  issuers: z.array(issuer).default([]).describe('Who says what a job is.'),
  tokens: z.array(staticToken).default([]).describe('Tokens that read the trusted scopes, for laptops.'),
  admins: z.array(staticToken).default([]).describe('Tokens that purge and quarantine, for operators.'),
})

export const policySchema: z.ZodType<Policy> = z.strictObject({
  session: z
    .strictObject({
      minutes: z.int().min(1).max(360).default(60).describe('How long a token of the cache is valid: at most six hours.'),
    })
    .prefault({}),
  workspaces: z
    .record(workspaceName, workspace)
    .refine((all) => Object.keys(all).length > 0, 'is empty: nobody is granted anything'),
})

export interface Policy {
  readonly session: { readonly minutes: number }
  readonly workspaces: Readonly<Record<string, Workspace>>
}

/** What a policy says of one workspace. */
export interface Workspace {
  readonly visibility: 'private' | 'public'
  readonly anonymous: 'none' | 'read-trusted'
  readonly trusted: Readonly<Record<string, string>>
  readonly issuers: readonly Issuer[]
  readonly tokens: readonly StaticToken[]
  readonly admins: readonly StaticToken[]
}

interface AnyIssuer {
  readonly name: string
  readonly iss: string
  readonly aud: string
  readonly jwks_uri?: string | undefined
  readonly algorithms: readonly string[]
  readonly replay: 'reusable' | 'single-use'
  readonly pin: Readonly<Record<string, string>>
  readonly rules: readonly Rule[]
}

export type Issuer = AnyIssuer &
  ({ readonly kind: 'github' | 'gitlab' } | { readonly kind: 'other'; readonly claims: ClaimNames })

export interface Rule {
  readonly id: string
  readonly match: Readonly<Record<string, string | readonly string[]>>
  readonly read: readonly string[]
  readonly write?: string | undefined
}

export interface StaticToken {
  readonly name: string
  readonly hash: string
}

/** The names of the claims that carry what a policy speaks of. */
export interface ClaimNames {
  readonly ref: string
  readonly event: string
  readonly protected?: string | undefined
  readonly base_ref?: string | undefined
  readonly run?: string | undefined
  readonly job?: string | undefined
  readonly actor?: string | undefined
  readonly commit?: string | undefined
}
