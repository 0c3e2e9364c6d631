import type { Rule } from '../rule.ts'
import { scriptLines } from '../script.ts'
import { scalarsBelow, valueAt } from '../value.ts'

/** Addresses of this machine, and names that only look like addresses. */
const HARMLESS =
  /^http:\/\/(?:localhost|127\.\d|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[^/\s]*\$|www\.w3\.org|schemas\.|json-schema\.org)/iu
const FETCHES =
  /\b(?:curl|wget|git|pip3?|npm|yarn|pnpm|apt(?:-get)?|add-apt-repository|iwr|irm|Invoke-WebRequest|gem|cargo|docker|deb)\b/iu

export const insecureUrlScheme: Rule = {
  id: 'insecure-url-scheme',
  title: 'Nothing is fetched over http',
  why: 'Everybody on the way can read what is fetched by http, and put something else in its place.',
  corresponds: { zizmor: 'insecure-url-scheme' },
  severity: 'warning',
  remediation: {
    before: '- run: curl -o tool.tgz http://example.com/tool.tgz',
    after: '- run: curl -o tool.tgz https://example.com/tool.tgz',
  },
  check: (document) => {
    const scripts = document.steps.flatMap((step) => scriptLines(document, step)).filter(({ text }) => FETCHES.test(text))
    const inputs = document.steps.flatMap(({ value }) => {
      const given = valueAt(value, 'with')
      return given === undefined ? [] : [...scalarsBelow(given)].map(({ value: input }) => ({ text: input.text, at: input.from }))
    })
    return [...scripts, ...inputs].flatMap(({ text, at }) =>
      [...text.matchAll(/\bhttp:\/\/[^\s"'`<>]+/giu)]
        .filter(([address]) => !HARMLESS.test(address))
        .map(([address]) => ({ at, message: `${address} is fetched without encryption` })),
    )
  },
}
