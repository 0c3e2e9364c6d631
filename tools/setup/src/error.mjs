/** A failure that a person can act on: what failed and why, then what to do. */
export class SetupError extends Error {
  /**
   * @param {string} message what failed, where, why
   * @param {string} hint what to do about it
   * @param {number} [status] exit status: 1 the check says no, 2 usage, 6 environment unfit
   */
  constructor(message, hint, status = 6) {
    super(message)
    this.name = 'SetupError'
    this.hint = hint
    this.status = status
  }
}
