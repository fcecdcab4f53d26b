import { describe, expect, it } from 'vitest'
import { type Following, nextFollowing } from './follow-scroll.ts'

const view = 400
const atEnd: Following = { following: true, top: 600 }

describe('following the end', () => {
  it('goes on when text grew between two scroll events', () => {
    expect(nextFollowing(atEnd, { top: 600, height: 1400, view }).following).toBe(true)
  })

  it('pauses when the reader moves up', () => {
    expect(nextFollowing(atEnd, { top: 480, height: 1000, view }).following).toBe(false)
  })

  it('stays paused while text grows and when the reader moves down a little', () => {
    const paused = { following: false, top: 300 }
    expect(nextFollowing(paused, { top: 350, height: 1600, view })).toEqual({ following: false, top: 350 })
  })

  it('resumes when the reader comes back to the end', () => {
    const paused = { following: false, top: 300 }
    expect(nextFollowing(paused, { top: 970, height: 1400, view }).following).toBe(true)
  })

  it('goes on when a closing panel makes the page shorter', () => {
    expect(nextFollowing(atEnd, { top: 400, height: 800, view }).following).toBe(true)
  })
})
