import { z } from 'zod'

/** Where artifacts are kept, with every default filled in. */
export type StoreSection = DiskSection | S3Section

export interface DiskSection {
  readonly kind: 'disk'
  readonly directory: string
  readonly durability: 'fdatasync' | 'none'
  /** Bytes. */
  readonly quota?: number | undefined
}

export interface S3Section {
  readonly kind: 's3'
  readonly bucket: string
  /** Without a slash at either end; may be empty. */
  readonly prefix: string
  readonly region?: string | undefined
  readonly endpoint?: string | undefined
  readonly forcePathStyle: boolean
  readonly staging?: string | undefined
  /** Bytes. */
  readonly stagingLimit: number
  /** Bytes. */
  readonly quota?: number | undefined
}

/** Bytes, as a whole number or as text with a binary unit: `536870912`, `512 MiB`, `40GiB`. */
export const byteSize: z.ZodType<number, number | string> = z
  .union([z.number(), z.string()])
  .transform((value, context) => bytesOf(value) ?? refuse(value, context))

const durability = z
  .enum(['none', 'fdatasync'])
  .default('none')
  .describe(
    'What an acknowledged artifact survives. `none`: the end of the process. `fdatasync`: the loss of power too, at ten times the cost of a small upload.',
  )

const quota = byteSize
  .optional()
  .describe('Bytes that artifacts may take in all. Without it: 80 % of the disk, or no bound for a bucket.')

const disk = z.strictObject({
  kind: z.literal('disk'),
  directory: z.string().min(1).describe('Where artifacts and their index are kept; one process at a time.'),
  durability,
  quota,
})

const s3 = z.strictObject({
  kind: z.literal('s3'),
  bucket: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/, 'not a name that a bucket can have')
    .describe('The bucket; it must exist.'),
  prefix: z
    .string()
    .max(200)
    .regex(
      /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$/,
      'write folders of letters, digits, ".", "_" and "-", with "/" between them only',
    )
    .default('')
    .describe('The folder of the bucket to stay in, without a slash at either end.'),
  region: z.string().min(1).max(100).optional().describe('The region; without it the one of the environment of the SDK.'),
  endpoint: z
    .string()
    .superRefine(checkEndpoint)
    .optional()
    .describe('The address of a server that is not Amazon S3. It may hold no credentials.'),
  forcePathStyle: z
    .boolean()
    .default(false)
    .describe('Names the bucket in the path instead of the host name: most servers that are not Amazon S3 want this.'),
  staging: z
    .string()
    .min(1)
    .optional()
    .describe('A folder for uploads that are not checked yet; the temporary folder of the system when absent.'),
  stagingLimit: byteSize
    .default(4 * 2 ** 30)
    .describe('Bytes that uploads which are not checked yet may take in that folder, all together.'),
  quota,
})

/** The `store` section of cache-server.yaml. Credentials are never part of it: those of the SDK's chain are used. */
export const storeSection: z.ZodType<StoreSection> = z.discriminatedUnion('kind', [disk, s3])

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

function bytesOf(value: number | string): number | undefined {
  const [, count = '', unit = 'B'] = /^(\d{1,16}) ?([KMGT]iB|B)?$/.exec(String(value)) ?? []
  const bytes = Number(count) * (UNITS[unit] ?? Number.NaN)
  return count !== '' && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
}

function refuse(value: number | string, context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no size: write bytes, or "512 MiB", "40 GiB"` })
  return z.NEVER
}

function checkEndpoint(value: string, context: z.RefinementCtx): void {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const problem = endpointProblem(url)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
}

function endpointProblem(url: URL | undefined): string | undefined {
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    return 'write an address that begins with https:// or http://'
  if (url.username !== '' || url.password !== '') return 'an address must hold no credentials: the environment has them'
  if (url.search !== '' || url.hash !== '') return 'an address must have no "?" and no "#"'
  return undefined
}
