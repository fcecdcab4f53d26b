// The frame of the window and the way to its pages.
import { expect, type Locator, type Page } from '@playwright/test'
import { ChatPage } from './chat-page.ts'
import { MemoryPage } from './memory-page.ts'

export class Window {
  readonly chat: ChatPage
  readonly memory: MemoryPage

  constructor(readonly page: Page) {
    this.chat = new ChatPage(page)
    this.memory = new MemoryPage(page)
  }

  get chats(): Locator {
    return this.page.getByRole('list', { name: 'Chats' }).getByRole('link')
  }

  get learning(): Locator {
    return this.page.getByRole('navigation').getByRole('switch', { name: /^Learning/ })
  }

  get engine(): Locator {
    return this.page.getByRole('navigation').getByRole('button', { name: /·|No model/ })
  }

  /** What the polite live region says. */
  get status(): Locator {
    return this.page.locator('[role="status"].sr-only')
  }

  get notices(): Locator {
    return this.page.getByRole('region', { name: /Notices/ })
  }

  async newChat(): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: 'New chat' }).click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText('New chat')
  }

  /** Through the panel that says what the model is doing. */
  async openModels(): Promise<void> {
    await this.engine.click()
    await this.page.getByRole('link', { name: 'Models and settings' }).click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText('Models')
  }

  async openMemory(): Promise<void> {
    await this.page
      .getByRole('navigation')
      .getByRole('link', { name: /^Memory/ })
      .click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText('Memory')
  }

  /** How a store learns, by the names of the settings page. */
  async setMode(store: string, mode: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
    const choice = this.page
      .getByRole('radiogroup', { name: `How “${store}” learns` })
      .getByRole('radio', { name: mode })
    await choice.click()
    await expect(choice).toBeChecked()
  }

  /** The button of the introduction that leads on. */
  get next(): Locator {
    return this.page.getByRole('button', { name: /^Go on/ })
  }

  /** Goes through the introduction with a model file of one's own, and waits until it is loaded. */
  async useModelFile(file: string): Promise<void> {
    await this.next.click()
    await this.page.getByLabel('Use a file I already have').fill(file)
    await this.page.getByRole('button', { name: 'Use this file' }).click()
    await expect(this.engine).toHaveText(/ready/)
    await this.page.getByRole('button', { name: 'Skip the introduction' }).click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText('New chat')
  }
}
