import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'

const decisions = readdirSync(new URL('../content/decisions/', import.meta.url))
  .filter((file) => /^\d{4}-.+\.md$/.test(file))
  .sort()
  .map((file) => ({ link: `/decisions/${file.replace(/\.md$/, '')}`, text: titleOf(file) }))

export default defineConfig({
  cacheDir: '.vitepress/cache',
  cleanUrls: true,
  description: 'A task graph over Rust, Python, TypeScript and docs whose green means that the work was done',
  lang: 'en',
  srcDir: 'content',
  themeConfig: {
    nav: [
      { link: '/quick-start', text: 'Quick start' },
      { link: '/promises', text: 'Promises' },
      { link: '/reference/commands', text: 'Reference' },
    ],
    outline: 'deep',
    search: { provider: 'local' },
    sidebar: [
      {
        items: [
          { link: '/quick-start', text: 'Quick start' },
          { link: '/promises', text: 'Promises' },
        ],
        text: 'Guide',
      },
      {
        items: [
          { link: '/concepts/graph', text: 'The graph' },
          { link: '/concepts/closures', text: 'Closures' },
          { link: '/concepts/wide-inputs', text: 'Wide inputs' },
        ],
        text: 'Concepts',
      },
      {
        items: [
          { link: '/reference/targets', text: 'Targets' },
          { link: '/reference/commands', text: 'Commands' },
          { link: '/reference/executors', text: 'Executors' },
          { link: '/reference/generators', text: 'Generators' },
          { link: '/reference/errors', text: 'Errors' },
          { link: '/reference/api', text: 'API' },
        ],
        text: 'Reference',
      },
      { collapsed: true, items: decisions, text: 'Decisions' },
    ],
  },
  title: 'Interlock',
})

/** @param {string} file */
function titleOf(file) {
  const text = readFileSync(new URL(`../content/decisions/${file}`, import.meta.url), 'utf8')
  return /^# (.+)$/m.exec(text)?.[1] ?? file
}
