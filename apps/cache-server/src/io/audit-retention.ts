import { auditFileOf, isOver, type RetentionClass } from '../core/audit.ts'

/** Files whose class keeps none of their lines any more, the oldest first. */
export function overFiles(
  files: Readonly<Record<RetentionClass, readonly string[]>>,
  now: number,
): readonly { readonly file: string; readonly retention: RetentionClass }[] {
  return Object.values(files).flatMap((names) =>
    names.flatMap((file) => {
      const of = auditFileOf(file)
      return of !== undefined && isOver(of.retention, endOf(of.month), now) ? [{ file, retention: of.retention }] : []
    }),
  )
}

/** The first moment of the month after. */
function endOf(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return Date.UTC(year, number, 1)
}
