import type { Rule } from '../rule.ts'
import { scriptLines } from '../script.ts'

const PIPED = /\b(?:curl|wget|iwr|Invoke-WebRequest)\b[^|;&]*\|[^|;&]*?\b(?:(?:ba|da|z)?sh|python3?|node|perl|ruby|pwsh|iex)\b/iu
const SUBSTITUTED =
  /(?:\b(?:ba|da|z)?sh\s+(?:-c\s+)?["']?(?:<\(|\$\(|`)\s*(?:curl|wget)|\b(?:source|eval|\.)\s+["']?(?:<\(|\$\(|`)\s*(?:curl|wget)|\biex\b[^|;]*\b(?:irm|iwr|DownloadString)\b|\b(?:irm|iwr)\b[^|;]*\|\s*iex\b)/iu

export const unverifiedScriptExec: Rule = {
  id: 'unverified-script-exec',
  title: 'No script runs what it has just fetched without looking at it',
  why: 'Whoever controls the server, or the name of it, chooses what runs, and can answer this job differently from the person who tries it. A transfer that breaks off runs half of the script.',
  corresponds: { poutine: 'unverified_script_exec', scorecard: 'Pinned-Dependencies' },
  severity: 'warning',
  remediation: {
    before: '- run: curl -sSf https://example.com/install.sh | sh',
    after:
      '- run: |\n    curl -sSfo install.sh https://example.com/install-1.2.3.sh\n    echo "<sha256>  install.sh" | sha256sum --check\n    sh install.sh',
  },
  check: (document) =>
    document.steps.flatMap((step) =>
      scriptLines(document, step).flatMap(({ text, at }) =>
        PIPED.test(text) || SUBSTITUTED.test(text)
          ? [{ at, message: 'Runs what it fetches, without a digest that says what it must be' }]
          : [],
      ),
    ),
}
