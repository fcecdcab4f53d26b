// The page of one's data: the ways out and in.
import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page } from '@playwright/test'

export class DataPage {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Your data' }).click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText('Your data')
  }

  /** What is done with the file that arrives. @returns its bytes and its name */
  async download(begin: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
    const coming = this.page.waitForEvent('download')
    await begin()
    const download = await coming
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }

  async makeFile(): Promise<{ name: string; bytes: Buffer }> {
    return await this.download(() => this.page.getByRole('button', { name: 'Make the file' }).click())
  }

  async choose(file: { name: string; bytes: Buffer | string }): Promise<void> {
    await this.page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: Buffer.from(file.bytes) })
  }

  /** A step of the import, by its heading. */
  card(title: string | RegExp): Locator {
    return this.page.getByRole('region', { name: title })
  }

  get pastImports(): Locator {
    return this.page.getByRole('list', { name: 'Past imports' }).getByRole('listitem')
  }

  get take(): Locator {
    return this.page.getByRole('button', { name: 'Import', exact: true })
  }

  /** Asks to take an import back, and agrees. */
  async undo(name: string): Promise<void> {
    await this.page
      .getByRole('button', { name: `Undo the import of ${name}` })
      .first()
      .click()
    await this.page.getByRole('dialog').getByRole('button', { name: 'Undo the import' }).click()
  }
}
