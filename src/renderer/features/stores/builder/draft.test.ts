// What is typed in the builder becomes a definition, or says what is wrong and where.
import { expect, it } from 'vitest'
import { customStoreDefinition } from '../../../../shared/custom-store.ts'
import { type Draft, definitionOf, draftOf, faultsOf, newField } from './draft.ts'

const films = customStoreDefinition.parse({
  title: 'Films',
  lookFor: 'films somebody recommended',
  fields: [
    { key: 'who', label: 'Who', type: 'person' },
    { key: 'mood', label: 'Mood', type: 'choice', choices: ['funny', 'sad'] },
  ],
})
const draft = (fields: Partial<Draft['fields'][number]>[], more: Partial<Draft> = {}): Draft => ({
  ...draftOf(films, true),
  fields: fields.map((field, id) => ({ id, key: null, label: 'A', type: 'text', choices: '', ...field })),
  ...more,
})

it('comes back as it was', () => {
  expect(definitionOf(draftOf(films, true), [])).toEqual(films)
  expect(faultsOf(draftOf(films, true))).toBeNull()
})

it('a field keeps its key whatever it is called, and a new one gets one that no value was ever kept under', () => {
  const { fields } = definitionOf(
    draft([
      { key: 'who', label: 'By whom' },
      { label: 'Who' },
      { label: '<b>Größe</b> 2' },
      { label: '推薦' },
      { label: '9 lives' },
    ]),
    ['lives'],
  )
  expect(fields.map(({ key }) => key)).toEqual(['who', 'who_2', 'b_gro_e_b_2', 'field', 'lives_2'])
  expect(customStoreDefinition.safeParse({ ...films, fields }).success).toBe(true)
})

it('says what is wrong with which field', () => {
  const faults = faultsOf(
    draft(
      [{ label: ' ' }, { label: 'Mood' }, { label: 'mood' }, { label: 'State', type: 'choice', choices: 'open, open' }],
      { title: ' ' },
    ),
  )
  expect(faults).toMatchObject({ title: true, lookFor: false })
  expect([...(faults?.fields ?? [])]).toEqual([
    [0, 'label'],
    [2, 'twice'],
    [3, 'choices'],
  ])
  expect(newField(draft([{}, {}]).fields).id).toBe(2)
})
