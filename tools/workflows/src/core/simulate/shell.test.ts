import { expect, it } from 'vitest'
import { shellCommand } from './shell.ts'

it.each<[string, readonly string[] | undefined]>([
  ['', ['bash', '-e', '/f.sh']],
  ['bash', ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '/f.sh']],
  ['sh', ['sh', '-e', '/f.sh']],
  ['python', ['python', '/f.py']],
  ['perl -w {0}', ['perl', '-w', '/f.sh']],
  ['zsh', undefined],
  ['constructor', undefined],
])('the shell %j is %j', (shell, words) => {
  expect(shellCommand(shell, (extension) => `/f${extension}`)).toEqual(words)
})
