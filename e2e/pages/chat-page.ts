// One conversation.
import { expect, type Locator, type Page } from '@playwright/test'

export class ChatPage {
  constructor(private readonly page: Page) {}

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message', exact: true })
  }

  get transcript(): Locator {
    return this.page.getByRole('log')
  }

  get questions(): Locator {
    return this.transcript.getByRole('article', { name: 'You' })
  }

  get answers(): Locator {
    return this.transcript.getByRole('article', { name: 'Answer' })
  }

  /** What learning made of the chat's messages. */
  get chips(): Locator {
    return this.transcript.getByRole('region', { name: 'Learned from this message' })
  }

  get stop(): Locator {
    return this.page.getByRole('button', { name: 'Stop the answer' })
  }

  /** Messages that wait for the answer before them. */
  get queue(): Locator {
    return this.page.getByRole('region', { name: 'Messages that wait' })
  }

  /** Sends a message and waits for its whole answer. */
  async say(text: string): Promise<Locator> {
    const before = await this.answers.count()
    await this.composer.fill(text)
    await this.composer.press('Enter')
    const answer = this.answers.nth(before)
    await expect(answer).toHaveAttribute('aria-busy', 'false')
    return answer
  }

  /** The line of an answer that says what it used: "used 2 memories and 1 passage". */
  used(answer: Locator): Locator {
    return answer.getByText(/^used (no memories|\d+ (memor(y|ies)|passages?)( and \d+ passages?)?)$/)
  }

  /** Opens what shaped an answer. */
  async openUsed(answer: Locator): Promise<Locator> {
    await this.used(answer).click()
    return answer.getByRole('region', { name: 'What shaped this answer' })
  }
}
