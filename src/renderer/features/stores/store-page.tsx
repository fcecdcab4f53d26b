// One store with all it holds: as a table, as cards or as forms, and in its own way where it has one. Open also when it is off.
import { ArrowLeft, ChevronDown, Download, Ellipsis, Eraser, Plus, Settings2, ShieldX, Trash2 } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreOverview, StoreRow } from '../../../shared/contract/stores.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs, navigate } from '../../app/router.ts'
import { saveFile } from '../../app/save-file.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink, IconButton } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Empty } from '../../ui/empty.tsx'
import { SearchField } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { Popover } from '../../ui/popover.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useStoreWords } from '../memory/store-words.tsx'
import { useForget } from '../memory/use-forget.ts'
import { DecisionView } from './decisions/decision-view.tsx'
import { fileName, readAllRows, toCsv, toJson } from './download.ts'
import { FeedbackView } from './feedback/feedback-view.tsx'
import { InstructionView } from './instructions/instruction-view.tsx'
import { ItemDialog } from './item-dialog.tsx'
import { NeverKeepDialog } from './never-keep-dialog.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { StoreModeControl, StoreSwitch } from './store-controls.tsx'
import { TodoList } from './todos/todo-list.tsx'
import { type RowOrder, useStores } from './use-stores.ts'
import { CardView } from './views/card-view.tsx'
import { FormView } from './views/form-view.tsx'
import { RowsTrouble } from './views/rows-trouble.tsx'
import { TableView } from './views/table-view.tsx'
import { useRows } from './views/use-rows.ts'
import { WritingView } from './writing/writing-view.tsx'

export function StorePage({ id }: { id: StoreId }) {
  const { t } = useTranslation()
  const stores = useStores()
  const words = useStoreWords()
  const store = stores.data?.find((one) => one.id === id)
  const title = store ? words.title(id) : t('storesPage.title')
  useEffect(() => {
    document.title = t('app.title', { page: title })
  }, [t, title])
  if (store) return <Whole store={store} />
  return (
    <>
      <PageHeader title={title} />
      {stores.isPending ? (
        <Skeleton lines={6} />
      ) : (
        <Empty title={t('storePage.goneTitle')} text={t('storePage.goneText')}>
          <ButtonLink href={hrefs.stores}>{t('storePage.back')}</ButtonLink>
        </Empty>
      )}
    </>
  )
}

/** Stores that are seen in a way of their own first. */
const OWN_VIEWS: Partial<Record<StoreId, (title: string) => ReactNode>> = {
  decision_log: () => <DecisionView />,
  feedback: () => <FeedbackView />,
  self_improvement: () => <InstructionView />,
  todos: () => <TodoList />,
  writing_style: (title) => <WritingView title={title} />,
}

const VIEWS = ['own', 'table', 'cards', 'form'] as const
type View = (typeof VIEWS)[number]
type Open = { dialog: 'item'; item: StoreRow | null } | { dialog: 'rules' } | { dialog: 'remove' } | null

function Whole({ store }: { store: StoreOverview }) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const app = useAppState()
  const view = app?.learning.stores.find(({ id }) => id === store.id)
  const own = OWN_VIEWS[store.id]
  // Many columns want a wide window.
  const [shown, setShown] = useState<View>(() =>
    own ? 'own' : window.matchMedia('(min-width: 45rem)').matches ? 'table' : 'cards',
  )
  const [open, setOpen] = useState<Open>(null)
  const title = words.title(store.id)
  const sentence = words.text(store.id) ?? store.own?.definition.lookFor ?? ''
  return (
    <>
      <PageHeader
        title={revealHidden(title)}
        badge={
          <span className="hidden wide:inline">
            <Badge>{t('storesPage.items', { count: store.items, number: formatNumber(store.items) })}</Badge>
          </span>
        }
        back={{ href: hrefs.stores, label: t('storePage.back'), icon: <ArrowLeft className="size-5 rtl:rotate-180" /> }}
        always
      >
        {/* An overview has a place of its own for that. */}
        {shown !== 'own' && (
          <Button onClick={() => setOpen({ dialog: 'item', item: null })}>
            <Plus className="size-4" />
            {t('storePage.add')}
          </Button>
        )}
        <Acts store={store} title={title} onOpen={setOpen} />
      </PageHeader>
      <div className="flex flex-col gap-3 px-4 pt-3.5 pb-2 wide:px-5">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p
            dir="auto"
            className="max-w-2xl min-w-0 flex-1 basis-64 text-sm text-dim first-letter:uppercase [overflow-wrap:anywhere]"
          >
            <MarkedText text={sentence} />
          </p>
          {view && (
            <span className="ms-auto flex items-center gap-3">
              {view.mode !== 'off' && (
                <Popover
                  label={t('learning.modeOf', { store: title })}
                  trigger={
                    <Button size="small">
                      {view.readOnly ? t('storesPage.readOnlyBadge') : t(`mode.${view.mode}`)}
                      <ChevronDown className="size-3.5" />
                    </Button>
                  }
                >
                  <StoreModeControl store={view} />
                </Popover>
              )}
              <StoreSwitch store={view} />
            </span>
          )}
        </div>
        {(view?.mode === 'off' || app?.settings.learning === false) && (
          <p role="status" className="rounded-control bg-warning-soft px-3.5 py-2 text-sm text-warning-text">
            {t(app?.settings.learning === false ? 'storesPage.learningOff' : 'storePage.off')}
          </p>
        )}
        <div>
          <Choice<View>
            label={t('storePage.views')}
            value={shown}
            onChange={setShown}
            options={VIEWS.filter((one) => one !== 'own' || own).map((one) => ({
              value: one,
              label: t(`storePage.view.${one}`),
            }))}
          />
        </div>
      </div>
      {own && shown === 'own' ? (
        own(title)
      ) : (
        <General
          store={store}
          title={title}
          view={shown}
          onAdd={() => setOpen({ dialog: 'item', item: null })}
          onEdit={(item) => setOpen({ dialog: 'item', item })}
        />
      )}
      {open?.dialog === 'item' && (
        <ItemDialog
          store={store.id}
          title={title}
          fields={store.fields}
          item={open.item}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.dialog === 'rules' && (
        <NeverKeepDialog store={store.id} title={title} rules={store.neverKeep} onClose={() => setOpen(null)} />
      )}
      {open?.dialog === 'remove' && <RemoveDialog store={store} onClose={() => setOpen(null)} />}
    </>
  )
}

/** Most items that one act forgets. */
const MOST_FORGOTTEN = 1000

function Acts({ store, title, onOpen }: { store: StoreOverview; title: string; onOpen(open: Open): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const sayFailure = useSayFailure()
  const forget = useForget()
  const download = async (kind: 'csv' | 'json') => {
    const rows = await readAllRows(client, store.id)
    const [type, text] =
      kind === 'csv'
        ? ['text/csv;charset=utf-8', toCsv(rows, store.fields, t('fields.entry'))]
        : ['application/json', toJson(rows, title, store.fields)]
    saveFile(fileName(title, kind), type, text)
  }
  const forgetAll = async () => {
    const { items } = await client.stores.rows({ id: store.id, limit: MOST_FORGOTTEN })
    if (items.length > 0) forget({ ids: items.map(({ id }) => id) })
  }
  const entries: MenuEntry[] = [
    ...(store.own
      ? [
          {
            label: t('storePage.change'),
            icon: <Settings2 className="size-4" />,
            onSelect: () => navigate(hrefs.editStore(store.id)),
          },
        ]
      : []),
    {
      label: t('storePage.neverKeep', { count: store.neverKeep.length }),
      icon: <ShieldX className="size-4" />,
      onSelect: () => onOpen({ dialog: 'rules' }),
    },
    {
      label: t('storePage.csv'),
      icon: <Download className="size-4" />,
      onSelect: () => void download('csv').catch(sayFailure),
    },
    {
      label: t('storePage.json'),
      icon: <Download className="size-4" />,
      onSelect: () => void download('json').catch(sayFailure),
    },
    ...(store.items > 0
      ? [
          {
            label: t('storePage.forgetAll', {
              count: Math.min(store.items, MOST_FORGOTTEN),
              number: formatNumber(Math.min(store.items, MOST_FORGOTTEN)),
            }),
            icon: <Eraser className="size-4" />,
            danger: true,
            onSelect: () => void forgetAll().catch(sayFailure),
          },
        ]
      : []),
    ...(store.own
      ? [
          {
            label: t('storePage.remove'),
            icon: <Trash2 className="size-4" />,
            danger: true,
            onSelect: () => onOpen({ dialog: 'remove' }),
          },
        ]
      : []),
  ]
  return (
    <Menu
      trigger={
        <IconButton label={t('storePage.more')} size="icon">
          <Ellipsis className="size-4" />
        </IconButton>
      }
      entries={entries}
    />
  )
}

interface GeneralProps {
  store: StoreOverview
  title: string
  view: View
  onAdd(): void
  onEdit(row: StoreRow): void
}

function General({ store, title, view, onAdd, onEdit }: GeneralProps) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const [sort, setSort] = useState<RowOrder>({ by: 'updatedAt', descending: true })
  const rows = useRows(store.id, query.trim(), sort)
  const found = rows.rows.length > 0
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pb-2.5 wide:px-5">
        <span className="min-w-56 flex-1">
          <SearchField label={t('storePage.search', { store: title })} value={query} onChange={setQuery} />
        </span>
        <span role="status" className="text-sm text-dim">
          {query.trim() !== '' && t('storePage.found', { count: rows.total, number: formatNumber(rows.total) })}
        </span>
      </div>
      <RowsTrouble list={rows} className="p-5" />
      {rows.isPending && <Skeleton lines={6} />}
      {!rows.isPending && !rows.error && !found && (
        <Nothing query={query.trim()} title={title} onAdd={onAdd} onWiden={() => setQuery('')} />
      )}
      {found && view === 'table' && (
        <TableView label={title} fields={store.fields} rows={rows} sort={sort} onSort={setSort} onEdit={onEdit} />
      )}
      {found && view === 'cards' && <CardView label={title} fields={store.fields} rows={rows} onEdit={onEdit} />}
      {found && view === 'form' && <FormView store={store.id} fields={store.fields} rows={rows} />}
    </>
  )
}

interface NothingProps {
  query: string
  title: string
  onAdd(): void
  onWiden(): void
}

function Nothing({ query, title, onAdd, onWiden }: NothingProps) {
  const { t } = useTranslation()
  if (query !== '') {
    return (
      <Empty title={t('storePage.nothingFound')} text={t('storePage.nothingFoundText', { query, store: title })}>
        <Button onClick={onWiden}>{t('storePage.showAll')}</Button>
      </Empty>
    )
  }
  return (
    <Empty title={t('storePage.emptyTitle')} text={t('storePage.emptyText', { store: title })}>
      <Button onClick={onAdd}>
        <Plus className="size-4" />
        {t('storePage.add')}
      </Button>
    </Empty>
  )
}
