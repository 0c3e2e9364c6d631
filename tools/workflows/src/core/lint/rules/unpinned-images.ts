import type { LintDocument } from '../document.ts'
import type { Problem, Rule } from '../rule.ts'
import { type Value, valueAt } from '../value.ts'

export const unpinnedImages: Rule = {
  id: 'unpinned-images',
  title: 'Every container image is used by its digest',
  why: 'The tag of an image is moved by whoever can push to its registry; a digest names the same bytes for ever.',
  corresponds: { zizmor: 'unpinned-images', scorecard: 'Pinned-Dependencies' },
  severity: 'error',
  remediation: {
    before: 'container: postgres:17',
    after: 'container: postgres@sha256:<64 digits> # 17.2',
  },
  check: (document) => {
    const images = [...containersOf(document), ...services(document)]
    const inUses = document.uses.flatMap(({ value, uses }) => (uses.kind === 'docker' ? problemOf(value, uses.image) : []))
    const inAction = valueAt(document.root, 'runs', 'image')
    const ofAction =
      document.kind === 'action' && inAction?.text.startsWith('docker://') === true
        ? problemOf(inAction, inAction.text.slice('docker://'.length))
        : []
    return [...images.flatMap((image) => problemOf(image, image.text)), ...inUses, ...ofAction]
  },
}

function containersOf({ jobs }: LintDocument): readonly Value[] {
  return jobs.flatMap(({ value }) => {
    const container = valueAt(value, 'container')
    return (container?.kind === 'map' ? valueAt(container, 'image') : container) ?? []
  })
}

function services({ jobs }: LintDocument): readonly Value[] {
  return jobs.flatMap(({ value }) =>
    (valueAt(value, 'services')?.entries ?? []).flatMap((service) => valueAt(service.value, 'image') ?? []),
  )
}

function problemOf(value: Value, image: string): readonly Problem[] {
  if (image.trim() === '' || /@sha256:[0-9a-f]{64}$/u.test(image)) return []
  // What an expression gives is pinned, or not, where it comes from.
  if (/^\$\{\{[^}]*\}\}$/u.test(image)) return []
  return [{ at: value.from, message: `The image ${image} has no digest: its tag can be moved` }]
}
