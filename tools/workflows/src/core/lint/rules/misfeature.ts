import type { Rule } from '../rule.ts'
import { isAction } from '../uses.ts'
import { entryAt, valueAt } from '../value.ts'

export const misfeature: Rule = {
  id: 'misfeature',
  title: 'No step uses what GitHub offers and nobody should',
  why: 'The CMD shell has no grammar that a person or a tool can follow, and goes on after a failed line. The input `pip-install` of setup-python puts packages into the interpreter itself, past every lock file.',
  corresponds: { zizmor: 'misfeature' },
  severity: 'warning',
  remediation: { before: '- run: build.bat\n  shell: cmd', after: '- run: ./build.ps1\n  shell: pwsh' },
  check: ({ root, jobs, steps }) => {
    const shells = [root, ...jobs.map(({ value }) => value)].flatMap((place) => valueAt(place, 'defaults', 'run', 'shell') ?? [])
    const own = steps.flatMap(({ value }) => valueAt(value, 'shell') ?? [])
    const cmd = [...shells, ...own]
      .filter(({ text }) => /^cmd(?:\.exe)?(?:\s|$)/iu.test(text))
      .map(({ from }) => ({ at: from, message: 'The CMD shell goes on after a line that failed' }))
    const pip = steps.flatMap(({ uses, value }) => {
      const input = isAction(uses, 'actions/setup-python') ? entryAt(valueAt(value, 'with'), 'pip-install') : undefined
      return input === undefined
        ? []
        : [{ at: input.at, message: 'pip-install puts packages into the interpreter, past every lock file' }]
    })
    return [...cmd, ...pip]
  },
}
