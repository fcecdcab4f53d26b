// Two versions of a sentence as one, with what went and what came marked. Not by colour alone: struck through, underlined.
import { diffWordsWithSpace } from 'diff'
import { revealHidden } from '../../ui/reveal-hidden.ts'

export function WordDiff({ before, after }: { before: string; after: string }) {
  const parts = diffWordsWithSpace(revealHidden(before), revealHidden(after))
  return (
    <span dir="auto" className="[overflow-wrap:anywhere]">
      {parts.map((part, index) => {
        if (part.removed)
          return (
            <del key={index} className="rounded-sm bg-removed">
              {part.value}
            </del>
          )
        if (part.added)
          return (
            <ins key={index} className="rounded-sm bg-added">
              {part.value}
            </ins>
          )
        return part.value
      })}
    </span>
  )
}
