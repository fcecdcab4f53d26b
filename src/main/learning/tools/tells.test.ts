import { expect, it } from 'vitest'
import { tellsOrRequests } from './tells.ts'

it.each([
  ['What do you know about me?', false],
  ['Which language should I take? And why?', false],
  ['Where does my sister live now?', false],
  ['Can you remember that I moved to Turin?', true],
  ['I moved to Turin. What is the weather like there?', true],
  ['Could you put milk on my list?', true],
  ['Kannst du dir das merken?', true],
  ['We took Postgres, note it.', true],
  ['', false],
])('%s', (text, tells) => {
  expect(tellsOrRequests(text)).toBe(tells)
})
