import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'

const decisions = pagesIn('decisions').filter(({ link }) => /\/\d{4}-/.test(link))

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
          { link: '/concepts/base', text: 'The base' },
          { link: '/concepts/wide-inputs', text: 'Wide inputs' },
          { link: '/concepts/ci', text: 'CI' },
          { link: '/concepts/simulate', text: 'CI, simulated' },
          { link: '/concepts/referees', text: 'Referees' },
          { link: '/concepts/dependency-updates', text: 'Dependency updates' },
          { link: '/concepts/actions', text: 'Actions' },
          { link: '/concepts/adopting', text: 'Adopting CI' },
          { link: '/concepts/parameters', text: 'Parameters' },
          { link: '/concepts/gpu', text: 'GPU' },
          { link: '/concepts/parameters', text: 'Parameters and security' },
          { link: '/concepts/cache-threat-model', text: 'Threats to the cache' },
        ],
        text: 'Concepts',
      },
      {
        items: [
          { link: '/proxy/quick-start', text: 'Private search in three lines' },
          { link: '/proxy/install', text: 'Install' },
          { link: '/proxy/what-is-encrypted', text: 'What is encrypted' },
          { link: '/proxy/threat-model', text: 'Threats to a private query' },
          { link: '/proxy/privacy-budget', text: 'The privacy budget' },
          { link: '/proxy/operations', text: 'Operations' },
        ],
        text: 'The proxy',
      },
      { items: pagesIn('guides'), text: 'Guides' },
      {
        items: [
          { link: '/reference/targets', text: 'Targets' },
          { link: '/reference/commands', text: 'Commands' },
          { link: '/reference/ci', text: 'What CI does' },
          { link: '/reference/config', text: 'interlock.yaml' },
          { link: '/reference/ci-lint', text: 'Rules of ci lint' },
          { link: '/reference/executors', text: 'Executors' },
          { link: '/reference/generators', text: 'Generators' },
          { link: '/reference/errors', text: 'Errors' },
          { link: '/reference/api', text: 'API' },
          { link: '/reference/http', text: 'HTTP' },
          { link: '/reference/python', text: 'Python' },
        ],
        text: 'Reference',
      },
      { items: pagesIn('benchmarks'), text: 'Benchmarks' },
      { collapsed: true, items: decisions, text: 'Decisions' },
    ],
  },
  title: 'Interlock',
})

/** @param {string} folder */
function pagesIn(folder) {
  const place = new URL(`../content/${folder}/`, import.meta.url)
  const files = readdirSync(place).filter((file) => file.endsWith('.md'))
  return files.sort().map((file) => {
    const name = file.replace(/\.md$/, '')
    return { link: `/${folder}/${name}`, text: /^# (.+)$/m.exec(readFileSync(new URL(file, place), 'utf8'))?.[1] ?? name }
  })
}
