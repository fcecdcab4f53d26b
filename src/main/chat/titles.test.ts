import { describe, expect, it } from 'vitest'
import { checkTitle } from './titles.ts'

const said = 'Hi! Could you help me plan the vegetable garden behind our house?\nOf course. How large is the plot?'

describe('a suggested title', () => {
  it('stands without what surrounds it', () => {
    expect(checkTitle(' "Planning a vegetable garden." ', said)).toBe('Planning a vegetable garden')
    expect(checkTitle('Title: Vegetable\n garden', said)).toBe('Vegetable garden')
    expect(checkTitle('Planning a **vegetable** garden. How large', said)).toBe('Planning a vegetable garden')
    expect(checkTitle('Garden plan. Garden plan. Garden plan', said)).toBe('Garden plan')
  })

  it('is not used when it is of something else, empty or endless', () => {
    expect(checkTitle('Quantum computing basics', said)).toBeNull()
    expect(checkTitle('"..."', said)).toBeNull()
    expect(checkTitle('Garden plan, garden plan, garden plan', said)).toBeNull()
    expect(checkTitle(`garden ${'garden '.repeat(20)}`, said)).toBeNull()
  })

  it('counts words of other writings', () => {
    expect(checkTitle('菜園の計画', '菜園の計画を手伝って')).toBe('菜園の計画')
    expect(checkTitle('Сад за домом', 'Помоги спланировать сад за нашим домом')).toBe('Сад за домом')
  })
})
