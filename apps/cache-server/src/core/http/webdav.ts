import { createHash } from 'node:crypto'
import { HASH } from '@interlock/cache/wire'

/** What a path of the WebDAV tree stands for. */
export type WebdavPlace =
  | { readonly kind: 'collection' }
  | { readonly kind: 'object'; readonly hash: string }
  | { readonly kind: 'misnamed' }

const SEGMENT = /^[A-Za-z0-9._-]{1,128}$/u
const SHARD = /^[A-Za-z0-9]$/u
const MAX_SEGMENTS = 12

/**
 * sccache keeps an object under `[<prefix>/]a/b/c/<name that begins with abc>`, and its own check under a name alone.
 * Anything else is a collection: they exist as soon as somebody asks, because a cache has no folders.
 */
export function webdavPlace(path: string): WebdavPlace {
  const segments = path.split('/').filter((segment) => segment !== '')
  const wellFormed =
    segments.length <= MAX_SEGMENTS && segments.every((segment) => SEGMENT.test(segment) && !/^\.+$/u.test(segment))
  if (!wellFormed) return { kind: 'misnamed' }
  const name = segments.at(-1)
  if (name === undefined || path.endsWith('/')) return { kind: 'collection' }
  const folders = segments.slice(0, -1)
  if (SHARD.test(name)) return { kind: 'collection' }
  return { kind: 'object', hash: hashOf(folders, name) }
}

/** The name alone where the folders add nothing to it; else a digest of the whole path, so that prefixes stay apart. */
function hashOf(folders: readonly string[], name: string): string {
  const sharded = folders.length === 3 && folders.join('') === name.slice(0, 3)
  if ((sharded || folders.length === 0) && HASH.test(name)) return name
  return createHash('sha256')
    .update([...folders, name].join('/'))
    .digest('hex')
}

/** The answer to `PROPFIND` with depth 0; `modified` is a date as HTTP writes it. */
export function multistatus(href: string, object: { readonly size: number; readonly modified: string } | undefined): string {
  const properties =
    object === undefined
      ? '<d:resourcetype><d:collection/></d:resourcetype><d:getlastmodified>Thu, 01 Jan 1970 00:00:00 GMT</d:getlastmodified>'
      : `<d:resourcetype/><d:getcontentlength>${object.size}</d:getcontentlength><d:getlastmodified>${object.modified}</d:getlastmodified>`
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<d:multistatus xmlns:d="DAV:"><d:response><d:href>${escapeXml(href)}</d:href>`,
    `<d:propstat><d:prop>${properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>`,
    '</d:response></d:multistatus>\n',
  ].join('')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
