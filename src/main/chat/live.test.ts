import { describe, expect, it } from 'vitest'
import type { ChatEvent, MessageView } from '../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../shared/ids.ts'
import { LiveConversations } from './live.ts'

const id = newId<ConversationId>()
const answerId = newId<MessageId>()
const conversation = {
  ...{ id, title: 'T', createdAt: new Date(0), updatedAt: new Date(0), mode: 'normal' as const },
  ...{ projectId: null, pinned: false, archived: false, unread: false, toolRules: [] },
}
const whole = { conversation, earlier: 0, later: 0, queue: [], phase: null }

function answerView(text: string): MessageView {
  return {
    id: answerId,
    parentId: newId(),
    role: 'assistant',
    text,
    imported: false,
    thoughts: null,
    siblings: [answerId],
    attachments: [],
    status: 'pending',
    error: null,
    model: null,
    createdAt: new Date(0),
    stats: null,
    used: [],
    calls: [],
    learning: null,
    learned: [],
    asks: [],
  }
}

function beginAnswer(live: LiveConversations): void {
  live.begin(id, { answerId, text: '', thoughts: '', phase: { phase: 'writing' }, abort: new AbortController() })
}

/** The text a window shows after these events. */
function shown(events: ChatEvent[]): string {
  let text = ''
  for (const event of events) {
    if (event.type === 'snapshot') text = event.messages[0]?.text ?? ''
    if (event.type === 'message') text = event.message.text
    if (event.type === 'text') {
      expect(event.at).toBe(text.length)
      text += event.text
    }
  }
  return text
}

async function take(stream: AsyncGenerator<ChatEvent>, count: number): Promise<ChatEvent[]> {
  const events: ChatEvent[] = []
  while (events.length < count) {
    const next = await stream.next()
    if (next.done) break
    events.push(next.value)
  }
  return events
}

describe('watching a conversation', () => {
  it('a late watcher gets the whole text, without a gap and without a repeat', async () => {
    const live = new LiveConversations()
    beginAnswer(live)
    live.text(id, 'One ')
    const stream = live.watch(
      id,
      async () => {
        // Written while the snapshot is being read.
        live.text(id, 'two ')
        return { ...whole, messages: [answerView('')] }
      },
      undefined,
    )
    const first = await take(stream, 1)
    live.text(id, 'three')
    const rest = await take(stream, 1)
    expect(shown([...first, ...rest])).toMatch(/^One (two )+three$/)
    await stream.return(undefined)
  })

  it('reads again when the stored part changed while it was read', async () => {
    const live = new LiveConversations()
    let stored = 'old'
    let reads = 0
    const stream = live.watch(
      id,
      async () => {
        reads += 1
        const seen = stored
        if (reads === 1) {
          stored = 'new'
          live.publish(id, { type: 'message', message: answerView('new') })
        }
        return { ...whole, messages: [answerView(seen)] }
      },
      undefined,
    )
    expect(shown(await take(stream, 1))).toBe('new')
    await stream.return(undefined)
  })

  it('ends with its signal', async () => {
    const live = new LiveConversations()
    const abort = new AbortController()
    const stream = live.watch(id, async () => ({ ...whole, messages: [] }), abort.signal)
    await stream.next()
    const next = stream.next()
    abort.abort()
    await expect(next).rejects.toThrow()
  })

  it('hears nothing of what the model still writes after a stop', async () => {
    const live = new LiveConversations()
    beginAnswer(live)
    const stream = live.watch(id, async () => ({ ...whole, messages: [answerView('')] }), undefined)
    const first = await take(stream, 1)
    live.text(id, 'One')
    live.answer(id)?.abort.abort()
    live.text(id, ' two')
    live.thoughts(id, 'Hm')
    live.phase(id, { phase: 'thinking' })
    live.publish(id, { type: 'message', message: { ...answerView('One'), status: 'stopped' } })
    const rest = await take(stream, 2)
    expect(rest.map(({ type }) => type)).toEqual(['text', 'message'])
    expect(shown([...first, ...rest])).toBe('One')
    await stream.return(undefined)
  })
})
