// Counts what passed and failed, and says so as it goes on.

export class Report {
  passed = 0
  failed = 0
  readonly #begin = performance.now()

  /**
   * @param name what was played, with its seed
   * @param failures what went wrong; empty when nothing did
   * @param kept the folder to look into after a failure
   */
  done(name: string, failures: readonly string[], kept: string): void {
    const at = `${Math.round((performance.now() - this.#begin) / 1000)} s`.padStart(7)
    if (failures.length === 0) {
      this.passed += 1
      this.say(`${at}  ok      ${name}`)
      return
    }
    this.failed += 1
    this.say(`${at}  FAILED  ${name}; kept in ${kept}`)
    for (const failure of failures.slice(0, 20)) this.say(`           ${failure}`)
  }

  say(line: string): void {
    process.stdout.write(`${line}\n`)
  }

  /** The form in which the checks of the project are added up. */
  closingLine(): string {
    return `${this.passed} passed, ${this.failed} failed`
  }
}
