import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datesIn, nameDates, validityOf } from './dates.ts'

/** A Tuesday; late enough that it is Wednesday already in Auckland. */
const TUESDAY = new Date('2026-11-24T15:00:00Z')
const named = (text: string, timeZone = 'Europe/Berlin', at = TUESDAY) => nameDates(text, at, timeZone)

describe('relative dates', () => {
  it.each([
    ['I send it tomorrow.', 'I send it tomorrow (25 November 2026).'],
    ['It broke yesterday evening.', 'It broke yesterday evening (23 November 2026).'],
    ['We leave the day after tomorrow.', 'We leave the day after tomorrow (26 November 2026).'],
    ['The draft is due by Friday.', 'The draft is due by Friday 27 November 2026.'],
    ['I promised it by Friday morning.', 'I promised it by Friday morning (27 November 2026).'],
    ['We met last Friday.', 'We met last Friday 20 November 2026.'],
    ['We meet next Thursday.', 'We meet next Thursday 3 December 2026.'],
    ['Ida fell on Monday.', 'Ida fell on Monday 23 November 2026.'],
    ['I will call Ida on Monday.', 'I will call Ida on Monday 30 November 2026.'],
    ['We start in two weeks.', 'We start in two weeks (8 December 2026).'],
    ['She left three days ago.', 'She left three days ago (21 November 2026).'],
    ['I go back in six months.', 'I go back in six months (May 2027).'],
    ['We move next month.', 'We move next month (December 2026).'],
    ['It was cold last year.', 'It was cold last year (2025).'],
    ['It must be done before month-end.', 'It must be done before month-end (30 November 2026).'],
    ['I am off next week.', 'I am off next week (week of 30 November 2026).'],
    ['I moved to Porto in March with Ines.', 'I moved to Porto in March 2026 with Ines.'],
    ['The exam was moved to March 3.', 'The exam was moved to March 3, 2027.'],
    ['The exam is on 3 March.', 'The exam is on 3 March 2027.'],
    ['The exam was on 3 March.', 'The exam was on 3 March 2026.'],
    ['Her defense is May 6.', 'Her defense is May 6, 2027.'],
    ['We booked it for the 3rd of February.', 'We booked it for the 3rd of February 2027.'],
    ['I have lived here since May.', 'I have lived here since May 2026.'],
    ['School starts in September.', 'School starts in September 2027.'],
    ['Two weeks from today I fly to Osaka.', 'Two weeks from today (8 December 2026) I fly to Osaka.'],
    ['The exam is a week on Friday.', 'The exam is a week on Friday (4 December 2026).'],
    ['They will let me know by fri.', 'They will let me know by fri 27 November 2026.'],
    ['It was put off to thurs 3pm.', 'It was put off to thurs 26 November 2026 3pm.'],
    ['We come back on the 19th.', 'We come back on the 19th (19 December 2026).'],
    ['My viva is on 4 Feb, at ten.', 'My viva is on 4 Feb 2027, at ten.'],
    ['Piet is getting married to Ines on 8 August.', 'Piet is getting married to Ines on 8 August 2027.'],
    ['The baby is due in march.', 'The baby is due in march 2027.'],
    ['We marry on 8 august.', 'We marry on 8 august 2027.'],
    ["My mother's birthday is on 22 June.", "My mother's birthday is on 22 June."],
    ['My birthday party is on 22 June.', 'My birthday party is on 22 June 2027.'],
    ['We talked to Sun Microsystems on the 5th floor.', 'We talked to Sun Microsystems on the 5th floor.'],
    ["I've got an exam on the 9th.", "I've got an exam on the 9th (9 December 2026)."],
    ['Next spring I plant beans.', 'Next spring (2027) I plant beans.'],
  ])('%s', (text, expected) => expect(named(text)).toBe(expected))

  it.each([
    'I row on Tuesdays and Saturdays.',
    'We meet every Monday.',
    'She wants the report on Monday mornings.',
    'We meet on the last Sunday of the month.',
    'I take it twice a day from now on.',
    'It takes two weeks of work.',
    'I am three years older.',
    'It was in 2019.',
    'The trial ends on 4 June 2027.',
    'I may come.',
    'We march on.',
    'It holds 19 degrees at 9:30.',
    'Ana\u2019s passport expired and they have no appointment before June, she is waiting.',
    'Wir fahren morgen nach Bremen.',
  ])('leaves "%s" as it is', (text) => expect(named(text)).toBe(text))

  it('goes by the day it is where the person is', () => {
    expect(named('I fly tomorrow.', 'Pacific/Auckland')).toBe('I fly tomorrow (26 November 2026).')
    expect(named('I fly tomorrow.', 'America/Los_Angeles')).toBe('I fly tomorrow (25 November 2026).')
  })

  it('keeps every word of any text, whatever the day', () => {
    const word = fc.constantFrom('on', 'by', 'Friday', 'May', '31', 'next', 'week', 'in', 'two', 'months', 'ago', 'I')
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 12 }),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (words, at) => {
          const text = words.join(' ')
          const found = datesIn(text, at, 'UTC')
          for (const { from, to, start, end } of found) {
            expect(from <= to && start < end).toBe(true)
            expect(from).toMatch(/^\d{4}-\d\d-\d\d$/)
          }
          let rest = nameDates(text, at, 'UTC')
          for (const { suffix } of found) rest = rest.replace(suffix, '')
          expect(rest).toBe(text)
        },
      ),
    )
  })
})

describe('how long a statement holds', () => {
  const validity = (text: string) => {
    const { from, to } = validityOf(text, TUESDAY, 'UTC')
    return [from?.toISOString().slice(0, 10) ?? null, to?.toISOString().slice(0, 10) ?? null]
  }
  it.each([
    ['I have worked there since May.', '2026-05-01', null],
    ['My passport expires on 2 May.', null, '2027-05-02'],
    ['I am away until Friday.', null, '2026-11-27'],
    ['I take over from 1 July.', null, null],
    ['The draft is due by Friday.', null, null],
  ])('%s', (text, from, to) => expect(validity(text)).toEqual([from, to]))
})
