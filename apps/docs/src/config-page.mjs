import { cell } from './schema-pages.mjs'

/**
 * @typedef {{ type?: string, description?: string, default?: unknown, enum?: unknown[], properties?: Record<string, Shape>, required?: string[], items?: Shape | Shape[], additionalItems?: Shape }} Shape
 */

/**
 * The page of interlock.yaml: one table for each section, with what lies deeper by its path.
 *
 * @param {Shape} schema of the whole file
 * @returns {string} Markdown
 */
export function configPage({ properties = {} }) {
  const sections = Object.entries(properties).map(
    ([name, section]) => `## ${name}

| Key | Type | Default | Meaning |
|---|---|---|---|
${rows('', section).join('\n')}
`,
  )
  return `# interlock.yaml

The file at the root of the workspace that says what no manifest can say. It may be missing, and so may every section. A key that nobody knows is an error with its line, its column and the key that was probably meant.

\`npx interlock config\` checks the whole file, and \`--schema\` prints the JSON Schema that an editor completes with; the one of this version is [interlock.schema.json](/interlock.schema.json){target="_self"}.

${sections.join('\n')}`
}

/** @param {string} prefix @param {Shape} shape @returns {string[]} */
function rows(prefix, { properties = {}, required = [] }) {
  return Object.entries(properties).flatMap(([name, shape]) => {
    const path = `${prefix}${name}`
    const inner = Array.isArray(shape.items) ? shape.items[0] : shape.items
    const deeper =
      shape.properties === undefined
        ? inner?.properties === undefined
          ? []
          : rows(`${path}[].`, inner)
        : rows(`${path}.`, shape)
    return [row(path, shape, required.includes(name)), ...deeper]
  })
}

/** @param {string} path @param {Shape} shape @param {boolean} required */
function row(path, shape, required) {
  const fallback = shape.default === undefined ? (required ? 'required' : '') : `\`${JSON.stringify(shape.default)}\``
  return `| \`${path}\` | ${typeOf(shape)} | ${fallback} | ${cell(shape.description ?? '')} |`
}

/** @param {Shape} shape @returns {string} */
function typeOf({ type, enum: values }) {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ')
  return { array: 'list', integer: 'whole number', object: 'table', string: 'text' }[type ?? ''] ?? 'any'
}
