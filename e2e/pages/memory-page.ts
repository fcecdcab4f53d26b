// What was learned: list and detail.
import type { Locator, Page } from '@playwright/test'

export class MemoryPage {
  constructor(private readonly page: Page) {}

  get search(): Locator {
    return this.page.getByRole('searchbox', { name: 'Search by words or meaning' })
  }

  get rows(): Locator {
    return this.page.getByRole('list', { name: 'Memories' }).getByRole('link')
  }

  get detail(): Locator {
    return this.page.getByRole('complementary', { name: 'Memory in detail' })
  }

  button(name: 'Edit' | 'Pin' | 'Unpin' | 'Forget'): Locator {
    return this.detail.getByRole('button', { name, exact: true })
  }

  /** What can be done with all that is chosen. */
  get bar(): Locator {
    return this.page.getByRole('toolbar', { name: 'What is chosen' })
  }

  choose(text: RegExp): Locator {
    return this.page.getByRole('list', { name: 'Memories' }).getByRole('checkbox', { name: text })
  }

  /** What is done less often with the open item. */
  async act(
    name: 'Split…' | 'This is wrong' | 'Put away' | 'Use again' | 'Share…' | 'Only on this computer' | 'May be shared',
  ): Promise<void> {
    await this.detail.getByRole('button', { name: 'More', exact: true }).click()
    await this.page.getByRole('menuitem', { name }).click()
  }

  filter(name: RegExp): Locator {
    return this.page.getByRole('radio', { name })
  }

  async open(text: string | RegExp): Promise<void> {
    await this.rows.filter({ hasText: text }).click()
  }

  async edit(text: string): Promise<void> {
    await this.button('Edit').click()
    const field = this.detail.getByRole('textbox', { name: 'Text of the memory' })
    await field.fill(text)
    await field.press('Enter')
  }

  get forgetDialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Forget this?' })
  }

  /** Asks to forget the open item, and agrees: everywhere, as it is preselected. */
  async forget(): Promise<void> {
    await this.button('Forget').click()
    await this.forgetDialog.getByRole('button', { name: 'Forget everywhere' }).click()
  }

  async add(text: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Add', exact: true }).click()
    const dialog = this.page.getByRole('dialog', { name: 'Add a memory' })
    await dialog.getByLabel('What should be remembered?').fill(text)
    await dialog.getByRole('button', { name: 'Remember it' }).click()
  }
}
