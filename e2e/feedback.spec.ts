// What came of a decision, and what was said of answers: each teaches something, and the pages say what.
import { expectAccessible } from './accessible.ts'
import { StoresPage } from './pages/stores-page.ts'
import { expect, test } from './script.ts'

test.use({ script: { answers: [{ answer: 'Very well.' }] } })

test('an outcome that is asked for becomes a lesson once the person agrees', async ({ window, page }) => {
  await window.setMode('Lessons and goals', 'Learn quietly')
  const stores = new StoresPage(page)
  await stores.openStore('Decisions')
  await page.getByRole('radio', { name: 'Table' }).click()
  await stores.add('Postgres for the ledger', { 'Outcome due': '2020-03-01' })
  await page.getByRole('radio', { name: 'Overview' }).click()
  await page.getByRole('radio', { name: 'Well', exact: true }).click()
  await page.getByLabel('What came of it?').fill('The migration took one evening.')
  await page.getByRole('main').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('list', { name: 'All decisions' })).toContainText('The migration took one evening.')

  await page.getByRole('navigation').getByRole('link', { name: 'Inbox 1' }).click()
  const card = page.getByRole('main').getByRole('article')
  await expect(card).toContainText('turned out good: The migration took one evening.')
  await card.getByRole('button', { name: 'Approve', exact: true }).click()
  await stores.openStore('Feedback')
  await expect(page.getByRole('list', { name: 'Lessons' })).toContainText('Postgres for the ledger')
})

test('what was said of answers is listed with the way to each, what came of it, and the way back', async ({
  window,
  page,
}) => {
  await window.setMode('Feedback', 'Learn quietly')
  const stores = new StoresPage(page)
  await stores.openStore('Feedback')
  await expect(page.getByRole('heading', { name: 'Nothing said of answers yet' })).toBeVisible()
  await window.newChat()
  const answer = await window.chat.say('How do I prune a pear tree?')
  await answer.getByRole('button', { name: 'Not good' }).click()
  await answer.getByRole('textbox', { name: /What should it have been/ }).fill('Shorter answers, please.')
  await answer.getByRole('button', { name: 'Send' }).click()
  await expect(window.notices).toContainText('Noted')

  await stores.openStore('Feedback')
  const said = page.getByRole('list', { name: 'What you said of answers' })
  await expect(said).toContainText('Shorter answers, please.')
  await expect(page.getByRole('list', { name: 'On the way to a rule' })).toContainText('said 1 of 3 times')
  await expectAccessible(page, 'feedback')
  await said.getByRole('link', { name: /^To the answer/ }).click()
  await expect(window.chat.answers.first()).toBeFocused()
  await page.goBack()
  await said.getByRole('button', { name: 'Take this back' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing said of answers yet' })).toBeVisible()
  await window.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect(said).toContainText('Shorter answers, please.')
})
