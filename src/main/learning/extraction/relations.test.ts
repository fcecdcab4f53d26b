import { describe, expect, it } from 'vitest'
import { readMentions } from './mentions.ts'
import { relationSentence, relationsIn } from './relations.ts'
import { splitSentences } from './sentences.ts'

/** What a sentence says, with names whose kind is given where rules alone could not tell. */
function said(text: string, kinds: Record<string, string> = {}): string[] {
  const own = splitSentences(text)
  const mentions = readMentions(kinds, { own })
  return own
    .flatMap((sentence) => {
      const inside = mentions.filter(({ start, end }) => start >= sentence.start && end <= sentence.end)
      return relationsIn(sentence.text, inside, sentence.start)
    })
    .map(({ relation, from, to, role, ended }) =>
      [from.name, ended ? `no longer ${relation}` : relation, ...(role ? [`(${role})`] : []), to.name].join(' '),
    )
    .sort()
}

const PROJECTS = { Halyard: 'project', Lodestar: 'project', Fathom: 'project' }

describe('relationships', () => {
  it.each<[string, string[]]>([
    ['Petra Lind works at Norvik Shipping.', ['Petra Lind works_at Norvik Shipping']],
    ['Petra Lind is the CFO of Norvik Shipping.', ['Petra Lind works_at (CFO) Norvik Shipping']],
    ["Norvik Shipping's CFO is Petra Lind.", ['Petra Lind works_at (CFO) Norvik Shipping']],
    [
      'Petra Lind, head of design at Norvik Shipping, called.',
      ['Petra Lind works_at (head of design) Norvik Shipping'],
    ],
    ['Petra leads Halyard and Oskar runs Lodestar.', ['Oskar leads Lodestar', 'Petra leads Halyard']],
    ['Halyard is led by Petra.', ['Petra leads Halyard']],
    ['The owner of Halyard is new.', []],
    ["Halyard's project lead is Petra.", ['Petra leads Halyard']],
    ['Petra and Oskar work on Halyard.', ['Oskar works_on Halyard', 'Petra works_on Halyard']],
    ['Halyard depends on Lodestar.', ['Halyard depends_on Lodestar']],
    ['Petra moved off Halyard.', ['Petra no longer works_on Halyard']],
    ['Petra moved from Halyard to Lodestar.', ['Petra no longer works_on Halyard', 'Petra works_on Lodestar']],
    ['Petra no longer leads Halyard.', ['Petra no longer works_on Halyard']],
    ['Petra lives in Ghent.', ['Petra lives_in Ghent']],
    ['Petra moved to Ghent.', ['Petra lives_in Ghent']],
    ['Petra is married to Oskar.', ['Petra married_to Oskar']],
    ["Petra's brother Oskar plays chess.", ['Oskar family_of (brother) Petra']],
    ['Petra reports to Oskar.', ['Petra reports_to Oskar']],
    ['Norvik Shipping is based in Ghent.', ['Norvik Shipping located_in Ghent']],
    ['Halyard is funded by the Nordlys Foundation.', ['Nordlys Foundation funds Halyard']],
    ['Halyard runs on PostgreSQL.', ['Halyard uses PostgreSQL']],
    ['Halyard is part of Fathom.', ['Halyard part_of Fathom']],
  ])('%s', (sentence, expected) => {
    expect(said(sentence, PROJECTS)).toEqual(expected)
  })

  it.each([
    'If Petra leads Halyard, we are lost.',
    'Should Petra lead Halyard?',
    'Petra does not lead Halyard.',
    'Petra might move to Ghent.',
    'Petra wants to join Norvik Shipping.',
  ])('none: %s', (sentence) => {
    expect(said(sentence, PROJECTS).filter((line) => !line.includes('no longer'))).toEqual([])
  })

  it('read as sentences of their own', () => {
    const own = splitSentences('Petra Lind is CTO at Norvik Shipping.')
    const mentions = readMentions(undefined, { own })
    const [relation] = relationsIn(own[0]?.text ?? '', mentions, 0)
    expect(relation && relationSentence(relation)).toBe('Petra Lind is CTO at Norvik Shipping.')
    expect(relation && relationSentence({ ...relation, role: 'electrician' })).toBe(
      'Petra Lind is an electrician at Norvik Shipping.',
    )
  })
})
