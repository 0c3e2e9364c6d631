/**
 * The reference of the `interlock` command, made from what each verb says about itself.
 *
 * @param {readonly { name: string, help: string }[]} verbs
 * @returns {string} Markdown
 */
export function commandPage(verbs) {
  const sections = verbs.map(({ name, help }) => `## \`interlock ${name}\`\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\``)
  return `${['# Commands', 'Every verb takes `--json` and works from any folder of the clone.', ...sections].join('\n\n')}\n`
}
