// What GitHub's own parser says about workflows and actions, in a process of its own: the loader hook that it needs on
// Node reaches nobody else, and a file that it hangs on can be given up.
//
// Reads `{ files: [{ path, text }] }` from stdin; prints `{ answers: [{ path, diagnostics, failure? }] }`.
import { register } from 'node:module'
import { text } from 'node:stream/consumers'

register('./json-modules.mjs', import.meta.url)
const { registerLogger, validate } = await import('@actions/languageservice')
const { FeatureFlags } = await import('@actions/expressions')

/** What the service is sure of. It also describes valid schedules; nobody has to act on that. */
const WARNING = 2

/** Released syntax that the service still keeps behind a flag. */
const featureFlags = new FeatureFlags({
  allowBackgroundSteps: true,
  allowCaseFunction: true,
  allowCopilotRequestsPermission: true,
})

/** The service swallows its own crashes and returns what it had: here they are heard. */
const crashes = []
const ignore = () => {}
registerLogger({ error: (message) => crashes.push(message), info: ignore, log: ignore, warn: ignore })

const { files } = JSON.parse(await text(process.stdin))
const answers = []
for (const file of files) answers.push(await answerTo(file))
process.stdout.write(JSON.stringify({ answers }))

async function answerTo({ path, text: content }) {
  crashes.length = 0
  try {
    const found = await validate({ uri: `file:///${path}`, getText: () => content }, { featureFlags })
    const diagnostics = found.filter(({ severity }) => severity === undefined || severity <= WARNING).map(diagnosticOf)
    return crashes.length === 0 ? { path, diagnostics } : { path, diagnostics, failure: crashes.join('; ') }
  } catch (thrown) {
    return { path, diagnostics: [], failure: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** Lines and columns from 1. */
function diagnosticOf({ message, range: { start, end } }) {
  return {
    message,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  }
}
