import type { Tally } from './tally.ts'

/** What became of the uploads of a run, as the shield told it at the end. */
export interface UploadSummary {
  readonly done: number
  readonly bytes: number
  readonly duplicate: number
  readonly dropped: Readonly<Record<string, number>>
  readonly waiting: number
}

/** The last run with a cache: what `cache status` prints and the end of a run says. */
export interface RunSummary {
  readonly version: 1
  /** ISO 8601. */
  readonly endedAt: string
  readonly url: string
  readonly tasks: number
  readonly localHits: number
  readonly remoteHits: number
  readonly bytesRead: number
  /** What the found artifacts saved, for as many of them as it is known. */
  readonly savedMs: number
  readonly savedKnown: number
  readonly misses: number
  readonly notAsked: number
  readonly denied?: string
  readonly faults: Readonly<Record<string, number>>
  /** Absent where the shield was lost: nobody knows then. */
  readonly uploads?: UploadSummary
  /** Taken by a shield that was lost: nobody knows whether they arrived. */
  readonly uploadsUnknown?: number
  readonly accepted: number
}

export interface EndedRun {
  readonly endedAt: string
  readonly url: string
  /** What Nx says became of each task. */
  readonly statuses: readonly string[]
  readonly tally: Tally
  readonly uploads: UploadSummary | undefined
}

export function summaryOf({ endedAt, url, statuses, tally, uploads }: EndedRun): RunSummary {
  const { hits, bytes, savedMs, savedKnown, misses, notAsked, accepted, faults, denied, dropped } = tally
  const told = uploads ?? (accepted === 0 ? { done: 0, bytes: 0, duplicate: 0, dropped: {}, waiting: 0 } : undefined)
  // A shield that followed another one knows nothing of what that one had taken.
  const lost = accepted - (told === undefined ? 0 : told.done + told.duplicate + told.waiting + totalOf(told.dropped))
  return {
    version: 1,
    endedAt,
    url,
    tasks: statuses.length,
    localHits: statuses.filter((status) => status.startsWith('local-cache')).length,
    remoteHits: hits,
    bytesRead: bytes,
    savedMs,
    savedKnown,
    misses,
    notAsked,
    accepted,
    faults,
    ...(denied === undefined ? {} : { denied }),
    ...(told === undefined ? {} : { uploads: { ...told, dropped: sum(told.dropped, dropped) } }),
    ...(lost > 0 ? { uploadsUnknown: lost } : {}),
  }
}

/** One line for the end of a run. What did not happen is not mentioned; what went wrong always is. */
export function summaryLine(summary: RunSummary): string {
  const parts = [
    `${summary.remoteHits} remote and ${count(summary.localHits, 'local hit')}`,
    ...(summary.bytesRead > 0 ? [`${bytesText(summary.bytesRead)} read`] : []),
    ...savedText(summary),
    ...(summary.misses > 0 ? [count(summary.misses, 'miss', 'misses')] : []),
    ...uploadParts(summary),
    ...(summary.denied === undefined ? [] : [`no access: ${summary.denied}`]),
    ...faultParts(summary),
  ]
  return `cache: ${parts.join(', ')}`
}

/** The same as Markdown for the page of a run. */
export function summaryMarkdown(summary: RunSummary): string {
  return `### Cache\n\n${summaryLine(summary)
    .slice('cache: '.length)
    .replaceAll(/[\\`*_<>[\]|]/gu, String.raw`\$&`)}\n`
}

/** `1.4 MB` */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`
}

function savedText({ savedMs, savedKnown, remoteHits }: RunSummary): string[] {
  if (savedKnown === 0) return []
  const known = savedKnown === remoteHits ? '' : ` by ${savedKnown} of them`
  return [`${(savedMs / 1000).toFixed(1)} s of work saved${known}`]
}

function uploadParts({ uploads, uploadsUnknown = 0 }: RunSummary): string[] {
  const unknown = uploadsUnknown > 0 ? [`${count(uploadsUnknown, 'upload')} lost with the shield or unknown`] : []
  if (uploads === undefined) return unknown
  const { done, duplicate, dropped, waiting, bytes } = uploads
  const given = totalOf(dropped)
  return [
    ...(done > 0 ? [`${count(done, 'upload')} (${bytesText(bytes)})`] : []),
    ...(duplicate > 0 ? [`${duplicate} there already`] : []),
    ...(waiting > 0 ? [`${count(waiting, 'upload')} still on the way`] : []),
    ...(given > 0 ? [`${given} not uploaded (${reasons(dropped)})`] : []),
    ...unknown,
  ]
}

function faultParts({ faults, notAsked }: RunSummary): string[] {
  const total = totalOf(faults)
  const skipped = notAsked > 0 ? [`${count(notAsked, 'question')} not asked while the cache was ill`] : []
  return total === 0 ? skipped : [`${count(total, 'fault')} absorbed (${reasons(faults)})`, ...skipped]
}

function reasons(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, times]) => (times === 1 ? reason : `${reason} ${times}×`))
    .join(', ')
}

function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, each) => total + each, 0)
}

function sum(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const total: Record<string, number> = { ...a }
  for (const [key, value] of Object.entries(b)) total[key] = (total[key] ?? 0) + value
  return total
}
