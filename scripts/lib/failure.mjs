// Failures that a person reads: the message is shown without a stack.
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode] 2 when what was asked is not understood, else 1
   */
  constructor(message, exitCode = 1) {
    super(message)
    this.name = 'Failure'
    this.exitCode = exitCode
  }
}
