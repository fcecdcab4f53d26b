// The app behind the page goes away: the page stays, says so, keeps what was typed, and says what to do.
import { expectAccessible } from './accessible.ts'
import { expect, test } from './script.ts'

test('the page outlives the app, keeps the draft, and knows a new run from the old one', async ({
  window,
  page,
  app,
  startApp,
  problems,
}) => {
  problems.expectLostApp()
  await window.chat.say('Hello')
  await window.chat.composer.fill('an unfinished thought')
  await app.killAll()
  await expect(page.getByRole('alert')).toContainText('The connection to Understudy is lost')
  await expect(window.chat.answers).toContainText('Very well.')
  await expect(window.chat.composer).toHaveValue('an unfinished thought')

  // The same port, but a new run: this page's key is worth nothing any more.
  const again = await startApp({ profile: app.profile, args: ['--port', new URL(app.origin).port] })
  await expect(page.getByRole('alert')).toContainText('Understudy was started again and has a new address')
  await page.goto(again.address)
  await expect(window.chats).toHaveText(['Hello'])
  await window.chats.first().click()
  await expect(window.chat.composer).toHaveValue('an unfinished thought')
  await expect(window.chat.answers).toContainText('Very well.')
})

test('a database that keeps everything else waiting is told of until it answers', async ({ window, page }) => {
  await window.chat.say('Hello')
  await expect(window.chat.answers).toContainText('Very well.')
  // What the app says of its database, as it is while a large index is made.
  let busy = true
  await page.routeWebSocket(/.*/, (socket) => {
    const app = socket.connectToServer()
    app.onMessage((message) =>
      socket.send(typeof message === 'string' && busy ? message.replace('"busy":false', '"busy":true') : message),
    )
  })
  await page.reload()
  const told = page.getByText('Understudy is putting your data in order.')
  await expect(told).toBeVisible()
  await expectAccessible(page, 'a busy database')
  await expect(window.chat.answers).toContainText('Very well.')
  busy = false
  await page.reload()
  await expect(window.chat.answers).toContainText('Very well.')
  await expect(told).toBeHidden()
})
