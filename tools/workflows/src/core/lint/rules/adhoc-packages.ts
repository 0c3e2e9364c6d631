import type { Rule } from '../rule.ts'
import { scriptLines, unquoted } from '../script.ts'

/** Commands that add packages by name, beside every lock file. What stands after the verb is judged below. */
const INSTALLERS =
  /(?:^|[;&|({]\s*)(?:sudo\s+)?(npm\s+(?:install|i|add)|pnpm\s+(?:add|install|i)|yarn\s+(?:global\s+)?add|gem\s+install|bundle\s+add|(?:python3?\s+-m\s+)?pip3?\s+install|uv\s+pip\s+install|cargo\s+install)\b([^;&|]*)/u

export const adhocPackages: Rule = {
  id: 'adhoc-packages',
  title: 'Every package that a job installs is in a lock file',
  why: 'A package that is named in a script is resolved when the job runs, with all that it depends on: a version that was published a minute ago runs at once, and two runs of one commit differ.',
  corresponds: { zizmor: 'adhoc-packages', scorecard: 'Pinned-Dependencies' },
  severity: 'warning',
  remediation: { before: '- run: npm install prettier', after: '- run: npm ci' },
  check: (document) =>
    document.steps.flatMap((step) =>
      scriptLines(document, step).flatMap(({ text, at }) => {
        const [, command = '', rest = ''] = INSTALLERS.exec(unquoted(text).trim()) ?? []
        if (command === '' || isLocked(command, rest)) return []
        return [{ at, message: `${command.replace(/\s+/gu, ' ')} resolves packages when the job runs` }]
      }),
    ),
}

function isLocked(command: string, rest: string): boolean {
  const words = rest.split(/\s+/u).filter((word) => word !== '')
  const names = words.filter((word) => !word.startsWith('-') && !/^(?:\.{0,2}\/|\.$|\.\[)|\.(?:whl|tgz|tar\.gz)$/u.test(word))
  if (command.startsWith('cargo')) return words.includes('--locked') || words.includes('--path') || names.length === 0
  if (command.includes('pip')) {
    const files = words.some((word) => /^(?:-r|--requirement|-e|--editable|--require-hashes|-c|--constraint)/u.test(word))
    return files || names.length === 0
  }
  return names.length === 0
}
