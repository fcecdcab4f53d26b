// Two versions of a sentence as one. What went and what came is told by more than colour: struck through, underlined.
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { diffPhrases } from './word-diff.ts'

export function ChangedText({ before, after }: { before: string; after: string }) {
  return (
    <span dir="auto" className="[overflow-wrap:anywhere]">
      {diffPhrases(revealHidden(before), revealHidden(after)).map((part, index) => {
        const key = `${index} ${part.kind}`
        switch (part.kind) {
          case 'removed':
            return (
              <del key={key} className="rounded-sm bg-removed px-0.5">
                {part.text}
              </del>
            )
          case 'added':
            return (
              <ins key={key} className="ms-0.5 rounded-sm bg-added px-0.5">
                {part.text}
              </ins>
            )
          default:
            return <span key={key}>{part.text}</span>
        }
      })}
    </span>
  )
}
