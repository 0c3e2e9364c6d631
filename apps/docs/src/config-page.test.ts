import { expect, it } from 'vitest'
import { configPage } from './config-page.mjs'

it('names every key by its path, with its type, its default and what it means', () => {
  const page = configPage({
    properties: {
      ci: {
        type: 'object',
        properties: {
          image: { enum: ['a', 'b'], default: 'a', description: 'An image | of <it>.' },
          secrets: { type: 'array', items: { type: 'object', properties: { days: { type: 'integer' } }, required: ['days'] } },
          docs: { type: 'object', properties: { output: { type: 'string' } } },
        },
      },
    },
  })
  expect(page).toContain(`## ci

| Key | Type | Default | Meaning |
|---|---|---|---|
| \`image\` | \`a\`, \`b\` | \`"a"\` | An image \\| of &lt;it>. |
| \`secrets\` | list |  |  |
| \`secrets[].days\` | whole number | required |  |
| \`docs\` | table |  |  |
| \`docs.output\` | text |  |  |
`)
})
