// Our lint beside zizmor: npm run bench:lint -- <folder of a clone>...   needs zizmor on PATH
import { resolve } from 'node:path'
import { runProcess } from '@interlock/kit'
import { examine } from '../src/core/lint/examine.ts'
import { RULES } from '../src/core/lint/rules/index.ts'
import { repositoryFiles } from '../src/io/lint-files.ts'
import { agreement, type Said } from './agreement.ts'

const folders = process.argv.slice(2).map((folder) => resolve(folder))
if (folders.length === 0) throw new Error('name the folders of the clones whose workflows shall be compared')
const sources = folders.flatMap((folder) =>
  repositoryFiles(folder).map((file) => {
    if ('unreadable' in file) throw new Error(`${file.file}: ${file.unreadable}`)
    return { ...file, file: resolve(folder, file.file) }
  }),
)
const rows = agreement(ourFindings(), await theirFindings())
console.log(`${folders.length} repositories, ${sources.length} files, comments that suppress ignored\n`)
console.log('| audit | zizmor | of these also ours | ours | of these not zizmor |\n|---|---:|---:|---:|---:|')
for (const { audit, theirs, agreed, ours, alone } of rows)
  console.log(`| \`${audit}\` | ${theirs} | ${agreed} | ${ours} | ${alone} |`)

function ourFindings(): readonly Said[] {
  const audits = new Map(RULES.flatMap(({ id, corresponds }) => (corresponds === 'none' ? [] : [[id, corresponds.zizmor]])))
  return sources.flatMap((source) =>
    examine(source, RULES).findings.flatMap(({ rule, file, line }) => {
      const audit = audits.get(rule)
      return audit === undefined ? [] : [{ audit, file, places: [{ first: line, last: line }] }]
    }),
  )
}

interface ZizmorFinding {
  readonly ident: string
  readonly locations: readonly {
    readonly symbolic: { readonly key: { readonly Local?: { readonly verbatim_path: string } } }
    readonly concrete: {
      readonly location: { readonly start_point: { readonly row: number }; readonly end_point: { readonly row: number } }
    }
  }[]
}

async function theirFindings(): Promise<readonly Said[]> {
  const options = ['--offline', '--no-config', '--no-ignores', '--persona=auditor', '--format=json', '--quiet']
  const result = await runProcess(['zizmor', ...options, ...sources.map(({ file }) => file)], { maxOutputBytes: 1 << 28 })
  // It exits with 10 and more when it has findings; what it printed says more.
  if (result.kind !== 'exited') throw new Error('zizmor did not run: nothing was compared')
  return (JSON.parse(result.stdout) as readonly ZizmorFinding[]).flatMap(({ ident, locations }) => {
    const file = locations[0]?.symbolic.key.Local?.verbatim_path ?? ''
    const places = locations.map(({ concrete: { location } }) => ({
      first: location.start_point.row + 1,
      last: location.end_point.row + 1,
    }))
    return [{ audit: ident, file, places }]
  })
}
