/** Claims whose text the author of a change, or whoever starts a job, chooses. */
export const STRANGERS: ReadonlySet<string> = new Set([
  'actor',
  'branch_name',
  'commit_message',
  'head_ref',
  'pull_request_title',
  'source_branch',
  'title',
  'triggering_actor',
  'user_email',
  'user_login',
])
