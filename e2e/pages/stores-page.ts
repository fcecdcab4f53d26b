// Stores: the page of all, one store in its views, the builder.
import { expect, type Locator, type Page } from '@playwright/test'

export class StoresPage {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page
      .getByRole('navigation')
      .getByRole('link', { name: /^Stores/ })
      .click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText('Stores')
  }

  /** Opens one of them from the page of all. */
  async openStore(name: string): Promise<void> {
    await this.open()
    await this.page
      .getByRole('main')
      .getByRole('heading', { level: 3 })
      .getByRole('link', { name, exact: true })
      .click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(name)
  }

  /** Rows of the table, without its head. */
  get rows(): Locator {
    return this.page
      .getByRole('table')
      .getByRole('row')
      .filter({ has: this.page.getByRole('cell') })
  }

  cell(field: string, entry: string): Locator {
    return this.page.getByRole('button', { name: `${field} of “${entry}”, edit` })
  }

  async choose(act: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: 'More about this store' }).click()
    await this.page.getByRole('menuitem', { name: act }).click()
  }

  async add(text: string, fields: Record<string, string> = {}): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: 'Add', exact: true }).first().click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByLabel('Entry').fill(text)
    for (const [field, value] of Object.entries(fields)) await dialog.getByLabel(field).fill(value)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(dialog).toHaveCount(0)
  }

  get todos(): Locator {
    return this.page.getByRole('list', { name: 'Open to-dos' }).getByRole('listitem')
  }

  async addTodo(text: string, due = ''): Promise<void> {
    await this.page.getByLabel('New to-do').fill(text)
    if (due !== '') await this.page.getByLabel('Due', { exact: true }).fill(due)
    await this.page.getByLabel('New to-do').press('Enter')
    await expect(this.page.getByLabel('New to-do')).toHaveValue('')
  }
}
