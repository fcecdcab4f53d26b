// Follows the end of a growing page only while the reader is there: scrolling up pauses, scrolling back resumes.
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

export interface ScrollPlace {
  /** Pixels from the top, height of all content, height of what is seen. */
  top: number
  height: number
  view: number
}

export interface Following {
  following: boolean
  top: number
}

/** This near to the end counts as being there. */
const NEAR_PX = 48

export function distanceToEnd(place: ScrollPlace): number {
  return place.height - place.view - place.top
}

/**
 * What a scroll event means. Text that grows also moves the end away, so only a move upwards pauses.
 */
export function nextFollowing(before: Following, place: ScrollPlace): Following {
  if (distanceToEnd(place) <= NEAR_PX) return { following: true, top: place.top }
  const movedUp = place.top < before.top
  return { following: before.following && !movedUp, top: place.top }
}

interface FollowScroll {
  atEnd: boolean
  toEnd(): void
  /** Stops following, because a certain place is shown instead. */
  pause(): void
  onScroll(): void
}

/**
 * @param box the element that scrolls
 * @param content its one child, whose growth is followed
 */
export function useFollowScroll(
  box: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
): FollowScroll {
  const state = useRef<Following>({ following: true, top: 0 })
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    const element = box.current
    if (!element) return
    element.scrollTop = element.scrollHeight
    state.current = { following: true, top: element.scrollTop }
    setAtEnd(true)
  }, [box])

  useEffect(() => {
    const element = content.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (state.current.following) toEnd()
      else if (box.current) setAtEnd(distanceToEnd(placeOf(box.current)) <= NEAR_PX)
    })
    observer.observe(element)
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [box, content, toEnd])

  const onScroll = useCallback(() => {
    if (!box.current) return
    state.current = nextFollowing(state.current, placeOf(box.current))
    setAtEnd(state.current.following)
  }, [box])

  const pause = useCallback(() => {
    state.current = { ...state.current, following: false }
    setAtEnd(false)
  }, [])

  return { atEnd, toEnd, pause, onScroll }
}

function placeOf(element: HTMLElement): ScrollPlace {
  return { top: element.scrollTop, height: element.scrollHeight, view: element.clientHeight }
}
