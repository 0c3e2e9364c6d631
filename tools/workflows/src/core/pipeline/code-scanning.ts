import type { OpenJob } from '../model/types.ts'
import type { PipelineFacts } from './facts.ts'
import { READ, ready } from './parts.ts'
import { PINS } from './pins.ts'

/** Languages that CodeQL reads, by the file at the root that says they are there. */
const LANGUAGES: readonly { readonly file: string; readonly language: string }[] = [
  { file: 'package.json', language: 'javascript-typescript' },
  { file: 'pyproject.toml', language: 'python' },
  { file: 'Cargo.toml', language: 'rust' },
]

/** The job of CodeQL, where interlock.yaml names it: it needs a service that not every repository has. */
export function codeScanning({ section, rootFiles }: PipelineFacts): OpenJob[] {
  if (!section.engines.includes('codeql')) return []
  const found = LANGUAGES.filter(({ file }) => rootFiles.includes(file)).map(({ language }) => language)
  const [checkout] = ready()
  return [
    {
      id: 'security-scan',
      trust: 'open',
      needs: [],
      machine: section.image,
      timeoutMinutes: 60,
      grants: [...READ, { scope: 'security-events', level: 'write', why: 'to report what was found' }],
      matrix: { kind: 'list', name: 'language', values: ['actions', ...found] },
      steps: [
        checkout,
        {
          kind: 'action',
          name: 'CodeQL',
          pin: PINS.codeqlInit,
          with: { languages: { expr: 'matrix.language' }, 'build-mode': 'none', queries: 'security-extended' },
        },
        {
          kind: 'action',
          name: 'Analysis',
          pin: PINS.codeqlAnalyze,
          with: { category: ['codeql-', { expr: 'matrix.language' }] },
        },
      ],
      satisfies: [],
      purpose: 'CodeQL reads the sources and the workflows of each language',
    },
  ]
}
