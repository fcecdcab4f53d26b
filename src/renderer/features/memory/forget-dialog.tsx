// What forgetting takes, before it is taken: the items, every sentence that says them, and how far it goes.
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../../shared/contract/index.ts'
import type { ForgetMode, ForgetSelection, ForgetSentence } from '../../../shared/contract/memory.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { clockTime, formatList, formatNumber, shortWhen } from '../../app/format.ts'
import { hrefs, navigate, parseRoute } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { type Forgetting, useWindow, useWindowStore } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'
import { useStoreWords } from './store-words.tsx'

type Preview = Outputs['memory']['forgetPreview']

/** Stands in the frame; shows itself when something is to be forgotten. */
export function ForgetDialog() {
  const forgetting = useWindow((state) => state.forgetting)
  const set = useWindow((state) => state.set)
  if (forgetting === null) return null
  return <Asking {...forgetting} onClose={() => set({ forgetting: null })} />
}

function Asking({ selection, mode, left = 0, onClose }: Forgetting & { onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const preview = useQuery({
    queryKey: [...keys.memories, 'forget', selection],
    queryFn: ({ signal }) => client.memory.forgetPreview(selection, { signal }),
  })
  return (
    <Dialog title={selection.conversationId ? t('forget.chatTitle') : t('forget.title')} onClose={onClose}>
      {preview.data ? (
        <>
          {left > 0 && (
            <p className="mb-3 rounded-control bg-warning-soft px-3 py-2 text-sm text-warning-text">
              {t('forget.step', {
                number: formatNumber(selection.ids?.length ?? 0),
                count: left,
                left: formatNumber(left),
              })}
            </p>
          )}
          <Form selection={selection} settled={mode} preview={preview.data} onClose={onClose} />
        </>
      ) : (
        <>
          {preview.error ? <Problem text={failureWords(t, failureOf(preview.error))} /> : <Skeleton lines={4} />}
          <DialogButtons>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
          </DialogButtons>
        </>
      )}
    </Dialog>
  )
}

interface FormProps {
  selection: ForgetSelection
  /** How far it goes, where the person has said so already. */
  settled: ForgetMode | null
  preview: Preview
  onClose(): void
}

function Form({ selection, settled, preview, onClose }: FormProps) {
  const { t } = useTranslation()
  const [mode, setMode] = useState<ForgetMode>(settled ?? 'everywhere')
  /** Sentences of which the person changed their mind. */
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const { problem, busy, forget } = useForgetting(selection, preview, onClose)
  const says = preview.sentences.filter(({ why }) => why !== 'mentions')
  const mentions = preview.sentences.filter(({ why }) => why === 'mentions')
  const turn = (ref: string) =>
    setTurned((before) => {
      const after = new Set(before)
      if (!after.delete(ref)) after.add(ref)
      return after
    })
  const list = { turned, onTurn: turn }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void forget(mode, turned)
      }}
      className="flex flex-col gap-4"
    >
      <Items preview={preview} />
      {settled === null && (
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">{t('forget.howFar')}</legend>
          <HowFar value="everywhere" chosen={mode} onChoose={setMode} />
          <HowFar value="learned" chosen={mode} onChoose={setMode} />
        </fieldset>
      )}
      {says.length > 0 && (
        <Sentences
          title={
            mode === 'everywhere'
              ? t('forget.sentences', { count: preview.sentenceCount, number: formatNumber(preview.sentenceCount) })
              : t('forget.barred')
          }
          sentences={says}
          {...list}
        />
      )}
      {mentions.length > 0 && <Sentences title={t('forget.mentions')} sentences={mentions} {...list} />}
      {preview.sentences.length < preview.sentenceCount && <p className="text-sm text-dim">{t('forget.more')}</p>}
      <p className="text-sm text-dim">
        {mode === 'everywhere' && `${t('forget.reach')} `}
        {t('forget.undoTime', { count: preview.undoSeconds })}
      </p>
      <Problem text={problem} />
      <DialogButtons>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button kind="danger" type="submit" disabled={busy} data-first-focus>
          {mode === 'everywhere' ? t('forget.everywhereButton') : t('forget.learnedButton')}
        </Button>
      </DialogButtons>
    </form>
  )
}

const ITEMS_SHOWN = 4

function Items({ preview }: { preview: Preview }) {
  const { t } = useTranslation()
  const stores = useStoreWords()
  const title = useTitleWords()
  const { items, itemCount, conversation, entities, proposals } = preview
  const shown = items.slice(0, ITEMS_SHOWN)
  return (
    <div className="flex flex-col gap-2 text-sm">
      {conversation && (
        <p>
          {t('forget.chat', {
            title: title(conversation.title),
            count: conversation.messages,
            number: formatNumber(conversation.messages),
          })}
        </p>
      )}
      {shown.length > 0 && (
        <ul className="flex flex-col gap-1.5 border-s-2 border-accent ps-3">
          {shown.map(({ memory, why }) => (
            <li key={memory.id} className="[overflow-wrap:anywhere]">
              <span dir="auto">
                <MarkedText text={memory.text} />
              </span>{' '}
              <span className="text-dim">
                {[stores.one(memory.store), ...(why === 'chosen' ? [] : [t(`forget.also.${why}`)])].join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      {itemCount > shown.length && (
        <p className="text-dim">
          {t('forget.others', { count: itemCount - shown.length, number: formatNumber(itemCount - shown.length) })}
        </p>
      )}
      {itemCount === 0 && <p className="text-dim">{t('forget.nothingLearned')}</p>}
      {entities.length > 0 && (
        <p className="text-dim">{t('forget.entities', { names: formatList(entities.map(({ name }) => name)) })}</p>
      )}
      {proposals > 0 && (
        <p className="text-dim">{t('forget.proposals', { count: proposals, number: formatNumber(proposals) })}</p>
      )}
    </div>
  )
}

interface HowFarProps {
  value: ForgetMode
  chosen: ForgetMode
  onChoose(value: ForgetMode): void
}

function HowFar({ value, chosen, onChoose }: HowFarProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div
      className={`flex gap-3 rounded-control border px-3 py-2 ${value === chosen ? 'border-accent bg-accent-soft' : 'border-line'}`}
    >
      <input
        id={id}
        type="radio"
        name="how-far"
        className="mt-1 accent-accent"
        checked={value === chosen}
        aria-describedby={`${id}-text`}
        onChange={() => onChoose(value)}
      />
      <div>
        <label htmlFor={id} className="text-sm font-medium">
          {t(`forget.mode.${value}`)}
        </label>
        <p id={`${id}-text`} className="text-xs text-dim">
          {t(`forget.modeText.${value}`)}
        </p>
      </div>
    </div>
  )
}

interface SentencesProps {
  title: string
  sentences: ForgetSentence[]
  turned: ReadonlySet<string>
  onTurn(ref: string): void
}

function Sentences({ title, sentences, turned, onTurn }: SentencesProps) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1.5 text-sm font-medium">
        {title}
      </h3>
      <ul className="flex max-h-56 flex-col overflow-y-auto rounded-control border border-line">
        {sentences.map((sentence) => (
          <SentenceLine
            key={sentence.ref}
            sentence={sentence}
            checked={sentence.selected !== turned.has(sentence.ref)}
            onTurn={() => onTurn(sentence.ref)}
          />
        ))}
      </ul>
    </section>
  )
}

function SentenceLine({ sentence, checked, onTurn }: { sentence: ForgetSentence; checked: boolean; onTurn(): void }) {
  const { t } = useTranslation()
  const title = useTitleWords()
  const { place, role, conversationTitle, at } = sentence
  const id = useId()
  const where = [
    place === 'message' ? t(`forget.by.${role ?? 'user'}`) : t(`forget.place.${place}`),
    ...(conversationTitle === null || place === 'title' ? [] : [title(conversationTitle)]),
    shortWhen(at, new Date()),
  ]
  return (
    <li className="flex gap-2.5 border-b border-line px-3 py-2 last:border-b-0">
      <input
        id={id}
        type="checkbox"
        className="mt-1 accent-accent"
        checked={checked}
        aria-describedby={`${id}-where`}
        onChange={onTurn}
      />
      <div className="min-w-0">
        <label htmlFor={id} dir="auto" className="block text-sm [overflow-wrap:anywhere]">
          <MarkedText text={sentence.text} />
        </label>
        <p id={`${id}-where`} className="truncate text-xs text-dim">
          {where.join(' · ')}
        </p>
      </div>
    </li>
  )
}

/** Forgets, says so, and leaves the page of what is gone. */
function useForgetting(selection: ForgetSelection, preview: Preview, onClose: () => void) {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const clearDrafts = useWindow((state) => state.clearDrafts)
  const store = useWindowStore()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const forget = async (mode: ForgetMode, turned: ReadonlySet<string>) => {
    setBusy(true)
    setProblem(null)
    const of = (selected: boolean) =>
      preview.sentences.filter((one) => one.selected === selected && turned.has(one.ref)).map(({ ref }) => ref)
    try {
      const { batchId, finalAt } = await client.memory.forget({ ...selection, mode, keep: of(true), also: of(false) })
      if (mode === 'everywhere') clearDrafts(preview.sentences.map(({ text }) => text))
      onClose()
      leave(preview, selection)
      const { memoryFilter } = store.getState()
      // The list of a chat that is gone would stay empty.
      if (memoryFilter.from && memoryFilter.from === preview.conversation?.id && mode === 'everywhere') {
        store.getState().set({ memoryFilter: { ...memoryFilter, from: null } })
      }
      notify({
        text: t(`forget.done.${mode}`, { time: clockTime(finalAt) }),
        duration: finalAt.getTime() - Date.now(),
        until: finalAt,
        action: {
          label: t('action.undo'),
          run: () =>
            void client.memory
              .undo({ batchId })
              .then(() => notify({ text: t('forget.back'), action: null }), sayFailure),
        },
      })
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
      setBusy(false)
    }
  }
  return { problem, busy, forget }
}

/** The page of an item or chat that is gone would only say so. */
function leave({ items, conversation }: Preview, selection: ForgetSelection): void {
  const route = parseRoute(window.location.hash)
  const isGone =
    route.page === 'memory'
      ? items.some(({ memory }) => memory.id === route.memory)
      : route.page === 'chat' && conversation !== null && route.conversation === selection.conversationId
  if (!isGone) return
  navigate(route.page === 'memory' ? hrefs.memories : hrefs.newChat)
  // The control that had the focus is gone with its page.
  focusWhenThere(() => document.getElementById('main'))
}
