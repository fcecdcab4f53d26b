// The answer to "what do you know about me?": its lines as the core wrote them, each item a link to its memory while it is known.
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import { hrefs } from '../../app/router.ts'
import { MarkedText } from '../../ui/marked-text.tsx'

/** The look-up it rests on, as the core names it. */
const LOOKED_UP = 'what_is_known'

export function isKnownAnswer({ calls, status }: MessageView): boolean {
  return status === 'complete' && calls.some(({ tool, batchId }) => tool === LOOKED_UP && batchId === null)
}

export function KnownAnswer({ message }: { message: MessageView }) {
  const { t } = useTranslation()
  // What was forgotten has no text any more, so its line, which is blanked by then, finds none.
  const known = new Map(
    message.used.flatMap((item) =>
      item.kind === 'memory' && item.memoryId && item.text !== null
        ? [[item.text.replace(/\s+/gu, ' ').trim(), item.memoryId] as const]
        : [],
    ),
  )
  return (
    <div className="flex flex-col gap-3">
      {message.text.split(/\n{2,}/u).map((block, place) => {
        const lines = block.split('\n')
        const [first = ''] = lines
        const heading = /^\*\*(.+)\*\*$/su.exec(first)?.[1]
        // Blocks of a finished answer never change places.
        const key = `${place} ${first}`
        if (heading !== undefined)
          return (
            <h3 key={key} className="text-base">
              {heading}
            </h3>
          )
        if (!first.startsWith('- ')) return <p key={key}>{block}</p>
        return (
          <ul key={key} aria-label={t('known.list')} className="flex list-disc flex-col gap-1 ps-5">
            {[...new Set(lines)].map((line) => {
              const text = line.slice(2)
              const id = known.get(text.trim())
              return (
                <li key={line} dir="auto" className="[overflow-wrap:anywhere]">
                  {id ? (
                    <a
                      href={hrefs.memory(id)}
                      className="underline decoration-line underline-offset-4 hover:decoration-accent"
                    >
                      <MarkedText text={text} />
                    </a>
                  ) : (
                    <MarkedText text={text} />
                  )}
                </li>
              )
            })}
          </ul>
        )
      })}
      <p>
        <a href={hrefs.memories} className="font-medium text-accent-text hover:underline">
          {t('known.open')}
        </a>
      </p>
    </div>
  )
}
