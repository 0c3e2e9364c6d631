import { openS3Store, type S3Store, type S3StoreOptions } from '../io/stores/s3/s3-store.ts'
import { credentialsIn, sectionOf, type S3Server } from './s3-server.ts'
import type { StoreHarness } from './store-contract.ts'

/** Stores on a bucket of their own; the bucket stays with the server. */
export async function s3Harness(server: S3Server, replicas: number): Promise<StoreHarness> {
  const section = sectionOf(await server.bucket(), server.endpoint, { prefix: 'team/cache' })
  const open = async (): Promise<S3Store[]> =>
    Promise.all(Array.from({ length: replicas }, async () => openTestStore(server, { section })))
  let stores = await open()
  const close = async (): Promise<void> => {
    for (const store of stores) await store.close()
  }
  return {
    dispose: close,
    reopen: async () => {
      await close()
      stores = await open()
    },
    stores: () => {
      const [first, ...others] = stores
      if (first === undefined) throw new TypeError('at least one replica')
      return [first, ...others]
    },
  }
}

/** Opens a store with the credentials of the server, as the SDK finds them in the environment. */
export async function openTestStore(
  server: S3Server,
  options: Pick<S3StoreOptions, 'section'> & Partial<S3StoreOptions>,
): Promise<S3Store> {
  Object.assign(process.env, credentialsIn(server.credentials))
  return openS3Store({ now: () => Date.now(), onEvent: () => undefined, ...options })
}
