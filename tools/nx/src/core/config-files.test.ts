import { expect, it } from 'vitest'
import { configFilesAmong, registrationOf } from './config-files.ts'

const paths = [
  'z/Cargo.toml',
  'Cargo.toml',
  'Cargo.lock',
  'a/src/util.rs',
  'py/requirements-dev.txt',
  'closures.json',
  'sub/closures.json',
  'a/.cargo/config.toml',
]

it('the configuration files are found at every depth, and the table only at the root', () => {
  expect(configFilesAmong(paths, undefined)).toEqual([
    'Cargo.lock',
    'Cargo.toml',
    'a/.cargo/config.toml',
    'closures.json',
    'py/requirements-dev.txt',
    'z/Cargo.toml',
  ])
})

it('nx.json leaves files out by include and exclude, the last pattern deciding', () => {
  const plugins = ['other', { plugin: '@interlock/nx/plugin', include: ['**/Cargo.toml'], exclude: ['z/**', '!z/Cargo.toml'] }]
  expect(configFilesAmong(paths, registrationOf({ plugins }))).toEqual(['Cargo.toml', 'z/Cargo.toml'])
  expect(registrationOf({ plugins: ['@interlock/nx/plugin'] })).toEqual({ options: undefined })
  expect(registrationOf({ plugins: ['other'] })).toBeUndefined()
  const twice = { plugins: ['@interlock/nx/plugin', { plugin: '@interlock/nx/plugin', include: ['py/**'] }] }
  expect(() => registrationOf(twice)).toThrow('CONFIG_INVALID: nx.json: plugins: @interlock/nx/plugin is registered twice')
  expect(configFilesAmong(paths, registrationOf({ plugins: [{ plugin: '@interlock/nx/plugin', exclude: ['**'] }] }))).toEqual([])
})
