import type { ScopeClass } from '../entry.ts'
import type { StatusReport } from './reports.ts'

/** Nothing is loaded, nothing runs, and nobody may put the page into a frame. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

export const STYLE_PATH = '/style.css'

const CLASSES: readonly ScopeClass[] = ['trusted', 'queue', 'branch', 'pr']

/** The status page: a document without a script, in which every value is escaped. */
export function statusPage(report: StatusReport, version: string): string {
  const asked = report.hits + report.misses
  const figures: readonly (readonly [string, string])[] = [
    ['Hit rate', asked === 0 ? 'nothing was asked for yet' : `${((100 * report.hits) / asked).toFixed(1)} %`],
    ['Hits', count(report.hits)],
    ['Misses', count(report.misses)],
    ['Stored', count(report.stored)],
    ['Duplicates', count(report.duplicates)],
    ['Denials', count(report.denials)],
    ['Evictions', count(report.evictions)],
    ['Divergences', count(report.divergences)],
    ['Faults', count(report.faults)],
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Interlock cache</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<main>
<h1>Interlock cache</h1>
<p class="state">${escapeHtml(stateOf(report))}</p>
<table>
<caption>Since ${escapeHtml(since(report.uptime))}</caption>
<tbody>
${figures.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')}
</tbody>
</table>
${usageTable(report)}
<footer>version ${escapeHtml(version)}, store: ${escapeHtml(report.store)}</footer>
</main>
</body>
</html>
`
}

export const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:40rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;margin:1.5rem 0;width:100%}
caption{text-align:left;padding:.25rem 0;opacity:.75}
th,td{border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent);padding:.35rem .5rem}
th{font-weight:500;text-align:left}
thead th+th{text-align:right}
td{font-variant-numeric:tabular-nums;text-align:right}
footer,.state{opacity:.75}
`

function usageTable({ usage, usageAge = 0 }: StatusReport): string {
  if (usage === undefined) return '<p>What is stored has not been counted yet.</p>'
  const rows = CLASSES.map((name) => {
    const { entries, bytes } = usage.classes[name]
    return `<tr><th scope="row">${name}</th><td>${count(entries)}</td><td>${escapeHtml(bytesText(bytes))}</td></tr>`
  })
  return `<table>
<caption>Stored, by class of scope: counted ${escapeHtml(since(usageAge))} ago, with what this server changed since</caption>
<thead><tr><th scope="col">Scopes</th><th scope="col">Entries</th><th scope="col">Bytes</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`
}

function stateOf({ draining, readOnly }: StatusReport): string {
  if (draining) return 'This server is about to end.'
  return readOnly ? 'Reads only: nothing is stored.' : 'Reads and writes.'
}

function since(seconds: number): string {
  if (seconds < 120) return `${Math.floor(seconds)} seconds`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} minutes`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} hours` : `${Math.floor(seconds / 86_400)} days`
}

function count(number: number): string {
  return String(number).replaceAll(/\B(?=(\d{3})+$)/gu, '\u202f')
}

/** `1.5 GiB`. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
