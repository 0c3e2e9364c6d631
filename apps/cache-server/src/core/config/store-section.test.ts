import { describe, expect, it } from 'vitest'
import { storeSection } from './store-section.ts'

describe('the store section of cache-server.yaml', () => {
  it('fills in what a disk needs', () => {
    expect(storeSection.parse({ kind: 'disk', directory: '/var/lib/cache', quota: '40 GiB' })).toEqual({
      kind: 'disk',
      directory: '/var/lib/cache',
      durability: 'none',
      quota: 40 * 2 ** 30,
    })
  })

  it('fills in what a bucket needs', () => {
    expect(storeSection.parse({ kind: 's3', bucket: 'acme-cache', prefix: 'interlock/v1' })).toEqual({
      kind: 's3',
      bucket: 'acme-cache',
      prefix: 'interlock/v1',
      forcePathStyle: false,
      stagingLimit: 4 * 2 ** 30,
    })
  })

  it.for([
    [1, 1],
    ['1', 1],
    ['512 MiB', 512 * 2 ** 20],
    ['512MiB', 512 * 2 ** 20],
    ['3 TiB', 3 * 2 ** 40],
  ])('reads %j as bytes', ([quota, bytes]) => {
    expect(storeSection.parse({ kind: 'disk', directory: '/d', quota }).quota).toBe(bytes)
  })

  it.for([0, -1, 1.5, Number.NaN, '', 'MiB', '1 MB', '1e3', '-5 MiB', '9999999999999999 TiB', ' 1', null, []])(
    'refuses %j as a size',
    (quota) => {
      expect(storeSection.safeParse({ kind: 'disk', directory: '/d', quota }).success).toBe(false)
    },
  )

  it.for(['..', 'a/../b', '/a', 'a/', 'a//b', '$(id)', 'a b', './a', 'a/.hidden', 'é'])('refuses the prefix %j', (prefix) => {
    expect(storeSection.safeParse({ kind: 's3', bucket: 'acme-cache', prefix }).success).toBe(false)
  })

  it.for(['', 'a', 'bucket/key', '-bucket', 'b'.repeat(64), '$(id)', '../b'])('refuses the bucket %j', (bucket) => {
    expect(storeSection.safeParse({ kind: 's3', bucket }).success).toBe(false)
  })

  it.for([
    ['ftp://files.example', 'begins with https://'],
    ['not an address', 'begins with https://'],
    ['https://key:secret@s3.example', 'no credentials'],
    ['https://s3.example/?a=b', 'no "?"'],
  ])('refuses the endpoint %s and says why, without the value', ([endpoint = '', reason = '']) => {
    const result = storeSection.safeParse({ kind: 's3', bucket: 'acme-cache', endpoint })
    expect(result.error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(reason)])
    expect(result.error?.message).not.toContain('secret')
  })

  it.for(['accessKeyId', 'secretAccessKey', 'sessionToken', 'profile'])('has no place for credentials: %s', (name) => {
    expect(storeSection.safeParse({ kind: 's3', bucket: 'acme-cache', [name]: 'x' }).success).toBe(false)
  })

  it.for([{}, { kind: 'redis' }, { kind: 'disk' }, { kind: 'disk', directory: '' }, null])('refuses %j', (value) => {
    expect(storeSection.safeParse(value).success).toBe(false)
  })
})
