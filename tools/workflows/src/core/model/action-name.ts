/** `github/codeql-action/init`: what stands before the commit in `uses`. */
export function actionName({ repository, path }: { readonly repository: string; readonly path?: string }): string {
  return path === undefined ? repository : `${repository}/${path}`
}
