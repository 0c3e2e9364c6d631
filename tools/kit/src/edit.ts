export type { Edit, EditPath, EditValue } from './core/edit/edit.ts'
export { editJson } from './core/edit/json.ts'
export { editToml } from './core/edit/toml.ts'
export { editYaml } from './core/edit/yaml.ts'
