// People and things: who was spoken of, what is known of each with its words, what is around them, and setting right what
// was taken for one or for two.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test.use({ script: { answers: [{ answer: 'Very well.' }] } })

test('are listed and looked at, drawn, renamed, merged, parted and forgotten', async ({ window, page }) => {
  for (const words of [
    'Ana Brandt works at Halyard Labs.',
    'Halyard Labs is based in Bristol.',
    'Ana Brandt likes rowing.',
    'Halliard Labs pays late.',
  ]) {
    await window.chat.say(words)
  }
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^People/ })
    .click()
  const list = page.getByRole('list', { name: 'People & things' }).getByRole('link')
  await expect(list).toHaveCount(4)
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('brandt')
  await expect(list).toHaveText([/Ana Brandt/])
  await list.first().click()
  const detail = page.getByRole('complementary', { name: 'Person or thing in detail' })
  await expect(detail.getByRole('heading', { level: 2 })).toHaveText('Ana Brandt')
  await expect(detail.getByRole('link', { name: /likes rowing/ })).toBeVisible()
  await expectAccessible(page, 'a person')

  // From what is known of her to whom it is about, and back.
  await detail.getByRole('link', { name: /works at Halyard Labs/ }).click()
  const about = window.memory.detail.getByRole('list', { name: 'Who and what it is about' }).getByRole('link')
  await expect(about).toHaveText(['Ana Brandt', 'Halyard Labs'])
  await expectAccessible(page, 'a memory about two')
  await about.first().click()
  await expect(detail.getByRole('heading', { level: 2 })).toHaveText('Ana Brandt')

  // What is around her: the drawing is there, its list is worked by keys, one step on, and back.
  await detail.getByRole('link', { name: 'Look around' }).click()
  const around = page.getByRole('complementary', { name: 'The same as a list' })
  await expect(around.getByRole('listitem')).toHaveText([/Halyard Labs/, /Bristol/])
  await expect(page.getByText('2 around Ana Brandt')).toBeVisible()
  await expectAccessible(page, 'what is around a person')
  await page.getByRole('button', { name: 'Place' }).click()
  await expect(around.getByRole('listitem')).toHaveText([/Halyard Labs/])
  await page.getByRole('button', { name: 'Place' }).click()
  await around.getByRole('link', { name: 'Halyard Labs', exact: true }).press('Enter')
  await expect(around.getByRole('heading', { level: 2 })).toHaveText('Halyard Labs')
  await page.goBack()
  await expect(around.getByRole('heading', { level: 2 })).toHaveText('Ana Brandt')

  // Listed twice by a slip of the pen: one, and two again by undo.
  await around.getByRole('link', { name: 'Halyard Labs', exact: true }).click()
  await around.getByRole('link', { name: 'Open its page' }).click()
  await detail.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: /^Merge/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('searchbox').fill('Halliard')
  await dialog.getByRole('radio', { name: /Halliard Labs/ }).check()
  await expectAccessible(page, 'before merging')
  await dialog.getByRole('button', { name: 'Merge' }).click()
  await expect(detail).toContainText('also Halliard Labs')
  await expect(detail.getByRole('link', { name: /pays late/ })).toBeVisible()
  await detail.getByRole('button', { name: 'Part again' }).click()
  await expect(detail).not.toContainText('Halliard Labs')

  await detail.getByRole('button', { name: 'Edit' }).click()
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Halyard <b>Works</b>')
  await dialog.getByRole('textbox', { name: 'Other names' }).fill('the lab')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(detail.getByRole('heading', { level: 2 })).toHaveText('Halyard <b>Works</b>')
  await expect(detail).toContainText('the lab')

  await detail.getByRole('button', { name: 'Forget' }).click()
  await expectAccessible(page, 'before somebody is forgotten')
  await dialog.getByRole('button', { name: 'Forget everywhere' }).click()
  await expect(page.getByText('This is not known here')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('')
  await expect(list.filter({ hasText: 'Halyard' })).toHaveCount(0)
})
