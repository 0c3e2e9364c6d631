import { expect, it } from 'vitest'
import { serverOf } from './server.ts'

it.each([
  [undefined, 'https://github.com'],
  ['', 'https://github.com'],
  ['https://git.example.invalid/', 'https://git.example.invalid'],
  ['file:///srv/mirror', 'file:///srv/mirror'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
])('%j is the server %s', (given, server) => {
  expect(serverOf({ GITHUB_SERVER_URL: given })).toBe(server)
})

it.each([
  ['http://git.example.invalid'],
  ['ext::sh -c id'],
  ['ssh://git@example.invalid'],
  ['--upload-pack=id'],
  ['https://me:hunter2@example.invalid'],
  ['https://example.invalid?token=hunter2'],
])('%s is refused, and not repeated', (given) => {
  expect(() => serverOf({ GITHUB_SERVER_URL: given })).toThrow(/^USAGE: the variable GITHUB_SERVER_URL (?!.*hunter2)/u)
})
