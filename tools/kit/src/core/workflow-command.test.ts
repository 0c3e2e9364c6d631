import { expect, it } from 'vitest'
import { annotation } from './workflow-command.ts'

it('a message is one line in GitHub Actions, whatever it holds, and nothing anywhere else', () => {
  const given = { title: 'a:b,c', message: '50%\r\n::warning::x' }
  expect(annotation({ GITHUB_ACTIONS: 'true' }, 'error', given)).toEqual(['::error title=a%3Ab%2Cc::50%25%0D%0A::warning::x'])
  expect(annotation({ GITHUB_ACTIONS: 'true' }, 'warning', { title: 'base', message: 'm' })).toEqual(['::warning title=base::m'])
  expect(annotation({}, 'error', given)).toEqual([])
})
