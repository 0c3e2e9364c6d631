/**
 * @typedef {{ type?: string | string[], $ref?: string, items?: Schema, enum?: unknown[], const?: unknown, description?: string,
 *   properties?: Record<string, Schema>, required?: string[], oneOf?: Schema[], anyOf?: Schema[], allOf?: Schema[], format?: string }} Schema
 * @typedef {{ name: string, in: string, required?: boolean, description?: string, schema?: Schema }} Parameter
 * @typedef {{ description?: string, content?: Record<string, { schema?: Schema }>, headers?: Record<string, { description?: string }> }} Response
 * @typedef {{ summary?: string, description?: string, parameters?: Parameter[], requestBody?: Response, responses: Record<string, Response> }} Operation
 * @typedef {{ info: { title: string, version: string, description?: string }, paths: Record<string, Record<string, Operation>>,
 *   components?: { schemas?: Record<string, Schema> } }} OpenApi
 */

const METHODS = ['get', 'put', 'post', 'patch', 'delete']

/**
 * The reference page of an HTTP API.
 *
 * @param {OpenApi} document
 * @returns {string} Markdown
 */
export function httpPage({ components, info, paths }) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => operation(path, method, item[method])),
  )
  if (operations.length === 0) throw new Error(`${info.title}: the document has no operation`)
  const schemas = Object.entries(components?.schemas ?? {}).map(([name, schema]) => schemaSection(name, schema))
  const made = `Made from the OpenAPI document of version ${info.version}, which the server answers to \`GET /openapi.json\`.`
  return `${['# HTTP', made, safe(info.description ?? ''), ...operations, '## Shapes', ...schemas].filter(Boolean).join('\n\n')}\n`
}

/** @param {string} path @param {string} method @param {Operation | undefined} found */
function operation(path, method, found) {
  if (found === undefined) return ''
  const parameters = (found.parameters ?? []).map(
    (parameter) =>
      `| \`${parameter.name}\` | ${parameter.in}${parameter.required === true ? ', required' : ''} | ${kind(parameter.schema)} | ${cell(parameter.description)} |`,
  )
  const body = Object.entries(found.requestBody?.content ?? {}).map(([type, { schema }]) => `\`${type}\`: ${kind(schema)}`)
  const answers = Object.entries(found.responses).map(
    ([status, { content, description, headers }]) =>
      `| ${status} | ${cell(description)} | ${Object.entries(content ?? {})
        .map(([type, { schema }]) => `\`${type}\`: ${kind(schema)}`)
        .join('<br>')} | ${Object.keys(headers ?? {})
        .map((name) => `\`${name}\``)
        .join(', ')} |`,
  )
  return [
    `## ${method.toUpperCase()} ${path.replaceAll('{', '\\{')}`,
    safe(found.summary ?? ''),
    safe(found.description ?? ''),
    ...(parameters.length > 0 ? [['| Parameter | Place | Type | Meaning |', '|---|---|---|---|', ...parameters].join('\n')] : []),
    ...(body.length > 0 ? [`Body: ${body.join(', or ')}. ${safe(found.requestBody?.description ?? '')}`.trim()] : []),
    ['| Status | Meaning | Body | Headers |', '|---|---|---|---|', ...answers].join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** @param {string} name @param {Schema} schema */
function schemaSection(name, schema) {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([key, value]) =>
      `| \`${key}\` | ${kind(value)}${schema.required?.includes(key) === true ? '' : ', optional'} | ${cell(value.description)} |`,
  )
  const table = rows.length > 0 ? ['| Field | Type | Meaning |', '|---|---|---|', ...rows].join('\n') : kind(schema)
  return [`### ${name}`, safe(schema.description ?? ''), table].filter(Boolean).join('\n\n')
}

/** What a schema allows, in a few words. @param {Schema | undefined} schema @returns {string} */
function kind(schema) {
  if (schema === undefined) return ''
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return `[${name}](#${name.toLowerCase()})`
  }
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf
  if (choices !== undefined) return choices.map(kind).join(' or ')
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  const types = [schema.type ?? 'anything'].flat()
  return types.map((type) => (type === 'array' ? `array of ${kind(schema.items)}` : type)).join(' or ')
}

/** @param {string | undefined} text */
function cell(text) {
  return safe(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
}

/** Vue would take `<T>` for a tag. @param {string} text */
function safe(text) {
  return text.replaceAll('<', '&lt;').replaceAll('{{', '&#123;{').trim()
}
