import { placedOf, type Names } from '../../../core/bucket/names.ts'
import type { Folder, Listed } from '../../../core/bucket/sweep.ts'
import type { Client } from './client.ts'
import { onBucket } from './fault.ts'

/** Every object under a prefix, page by page, in the order of their names. */
export async function* pagesOf({ sdk, s3, bucket }: Client, prefix: string, pageSize = 1000): AsyncGenerator<readonly Listed[]> {
  let token: string | undefined
  do {
    const page = await onBucket('the bucket cannot be listed', async () =>
      s3.send(
        new sdk.ListObjectsV2Command({
          Bucket: bucket,
          MaxKeys: pageSize,
          Prefix: prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      ),
    )
    yield (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified, ETag = '' }) => ({
      etag: ETag,
      key: Key,
      modified: LastModified?.getTime() ?? 0,
      name: Key.slice(Key.lastIndexOf('/') + 1),
      size: Size,
    }))
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined
  } while (token !== undefined)
}

/** One object, as a listing shows it. */
export async function listedAt(client: Client, key: string): Promise<Listed | undefined> {
  for await (const page of pagesOf(client, key, 1)) return page.find((object) => object.key === key)
  return undefined
}

/**
 * Every folder of an entry, in groups of about a page. What is in memory is a page, however large the bucket is: the
 * objects of a folder stand next to each other in a listing. Objects that are none of ours are passed over.
 */
export async function* foldersOf(client: Client, names: Names): AsyncGenerator<readonly Folder[]> {
  let open: Collected | undefined
  for await (const page of pagesOf(client, names.entries)) {
    const done: Folder[] = []
    for (const object of page) {
      const placed = placedOf(object.key)
      if (placed === undefined) continue
      if (open !== undefined && open.folder !== placed.folder) done.push(open)
      if (open?.folder !== placed.folder) open = { blobs: [], folder: placed.folder, row: undefined, used: undefined }
      if (placed.role === 'blob') open.blobs.push(object)
      else open[placed.role] = object
    }
    yield done
  }
  if (open !== undefined) yield [open]
}

interface Collected extends Folder {
  readonly blobs: Listed[]
  row: Listed | undefined
  used: Listed | undefined
}
