import { cpus, totalmem } from 'node:os'
import { PRICE_LIMIT, renderSummary, type Summary } from './summary.ts'

export interface RunPlan {
  readonly edits: number
  readonly workspaces: number
  readonly seed: number
  readonly jobs: number
}

/** The page of the documentation that reports a run. */
export function renderPage(summary: Summary, plan: RunPlan, seconds: number): string {
  const processors = cpus()
  const machine = `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
  return `# Soundness

Random edits of real git repositories, each one a commit. What \`nx affected\` selects is compared with an oracle that does not know Interlock: \`cargo metadata\`, \`uv export\` and the blobs of git say which tests an edit decides. *Missed* is what had to run and was not selected; it must be 0. What was selected beyond the need is the price.

This page is written by the run itself:

\`\`\`bash
npm run bench:soundness -- ${plan.edits} ${plan.workspaces} ${plan.seed}
\`\`\`

| | |
|---|---|
| edits | ${summary.edits} |
| missed | ${summary.missed} |
| selected ÷ needed | ${summary.ratio.toFixed(3)} |
| limit of that | ${PRICE_LIMIT}: ${summary.ratio <= PRICE_LIMIT ? 'met' : '**missed**'} |
| the same, with the edits of a damaged or stale closures.json, which run everything by rule | ${summary.ratioOfAll.toFixed(3)} |
| workspaces | ${plan.workspaces} |
| seed | ${plan.seed} |
| closures.json brought up to date in the same commit | ${summary.synced} |
| selected with Nx's daemon | ${summary.daemon} |
| edits that cargo or uv refused, drawn again | ${summary.refused} |
| \`nx sync\` compared with the functions behind it, equal bytes | ${summary.syncs} |
| machine | ${machine} |
| time | ${Math.round(seconds / 60)} min, ${plan.jobs} workspaces at a time |

Some things are seen by no tool, so the test itself says who must run: an unknown file at the root runs everything; \`.cargo/config.toml\` every project with Rust in it, \`pytest.ini\` every one with Python. Profiles, lints and the tables of other tools in the root manifests are read as they stand.
${renderSummary(summary)}`
}
