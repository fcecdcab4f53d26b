// What kind of statement a sentence is, by the words that say so: "promised" is a commitment, "settled on" a decision. A
// small model calls most sentences whatever the one before was; these words are what a person would point at. English in
// full, the commonest words of a few other languages.

export const KINDS = ['decision', 'commitment', 'preference', 'fact', 'opinion'] as const
export type Kind = (typeof KINDS)[number]

const WE = String.raw`(?:I|we)`
const ADVERB = String.raw`(?:(?:also|still|just|now|really|always|never|definitely|probably|usually|generally|often|already|then|only|\p{L}+ly)\s+)*`

/** The first that fits decides. */
const CUES: readonly { kind: Kind; pattern: RegExp }[] = [
  {
    kind: 'opinion',
    pattern: new RegExp(
      String.raw`^(?:(?:honestly|frankly|personally|overall|to be honest|well|but|and|so),?\s+)*(?:(?:I|we)\s+${ADVERB}(?:think|believe|feel(?! like \p{L}+ing)|find|doubt|suspect|reckon|guess|bet|consider|admire|agree|disagree)\b|I['’]m\s+${ADVERB}(?:skeptical|sceptical|convinced|not (?:convinced|sold|a fan|sure)|sure|worried|impressed|afraid (?:that|the|it))\b|(?:my|our)\s+(?:\p{L}+\s+)?(?:opinion|view|take|read|reading|bet|impression|feeling|hunch|guess|sense|verdict)\b|in my (?:opinion|view|experience)|seems? to me)`,
      'iu',
    ),
  },
  {
    kind: 'preference',
    pattern: new RegExp(String.raw`^(?:I|we)\s+${ADVERB}(?:like|love|hate|dislike|prefer|enjoy|adore|detest)\b`, 'iu'),
  },
  {
    kind: 'decision',
    pattern: new RegExp(
      String.raw`(?<!n['’]t (?:yet )?|\b(?:not|never|nothing(?:['’]s| is| has been)|nobody(?:['’]s| has)) (?:yet )?)\b(?:decided?|decision|decides|settled (?:on|for)|opted|chose|chosen|picked|(?:went|going|go) with|we(?:['’]ve| have)? agreed to|agreed (?:on|that|to (?:use|switch|move|drop|keep))|we(?:['’]re| are| have|['’]ve)?\s+${ADVERB}(?:switch(?:ed|ing)|dropp(?:ed|ing)|mov(?:ed|ing) (?:to|off|from)|migrat(?:ed|ing)|replac(?:ed|ing)|stick(?:ing)? with|stuck with)|${WE}(?:['’]ve| have)?\s+(?:cancell?ed|called off|postponed|dropped|abandoned)|from now on|going forward|no longer (?:use|do|offer|accept)|entschieden|entschlossen|décidé|choisi|decidido|decidimos)\b|^(?:(?:so|and|finally),?\s+)?(?:switch(?:ed|ing) (?:to|from|the|our|my|over)|adopt(?:ed|ing)|cancell?ed|dropp(?:ed|ing)|abandon(?:ed|ing)|postpon(?:ed|ing)|replac(?:ed|ing)|retir(?:ed|ing)|stick(?:ing)? (?:with|to)|going with|reserv(?:ed|ing))\b`,
      'iu',
    ),
  },
  {
    kind: 'commitment',
    pattern: new RegExp(
      String.raw`\b(?:promis(?:ed?|ing)|commit(?:ted|ting|s)?(?= to\b)|committed|pledged|vowed|volunteered|offered to|signed up (?:to|for)|(?<!never |not |n['’]t )agreed to|${WE}['’]ll|${WE}(?:['’]m|['’]re| am| are) going to|${WE}\s+${ADVERB}(?:will|shall|must|plan(?:ned)? to|intend to|have to|need to|owe)|(?:I|we)['’]ve got to|confirmed (?:that )?(?:I|we)|said (?:that )?(?:I|we) (?:would|will|could)|said yes|werde|versprochen|promis|prometido|voy a)\b|^(?:(?:so|and|then|also|probably|definitely),?\s+)?(?:will|won['’]t|shall|going to|gonna|planning to|need(?:ing)? to|have to|having to|must|hoping to|aiming to)\b|\b(?:will|['’]ll)\s+(?:not\s+|also\s+|then\s+)?(?!be\b|have\b|need\b|take\b|cost\b)\p{L}+`,
      'iu',
    ),
  },
  {
    kind: 'preference',
    pattern:
      /\b(?:prefers?|preferred|preference|favou?rite|(?<!\b(?:looks?|feels?|sounds?|seems?|tastes?|smells?|is|are|was|were|be|something|things?|more|just|much|works?) )(?<!['’]s )(?:likes?|loves?|hates?|dislikes?|enjoys?|adores?|detests?|loathes?)|can['’]t stand|cannot stand|can['’]t bear|fond of|(?:is|am|are|'m|['’]s|['’]re) (?:not )?(?:a |keen |big |huge )*(?:fan of|keen on|into)|(?:would|['’]d) (?:much )?rather|would (?:like|love|prefer|hate)|['’]d (?:like|love|prefer|hate)|wants?|wanted|wishes|insists? on|cares? about|allergic|vegan|vegetarian|bevorzug\p{L}+|mag|liebe|hasse|lieber|préfère|aime|adore|déteste|prefiero|prefiere|gusta|encanta|odio)\b|^(?:please\s+)?(?:always|never)\b|\b(?:I|we) (?:always|never|usually)\b/iu,
  },
  {
    kind: 'opinion',
    pattern:
      /\b(?:thinks?|believes?|feels? (?:that|strongly)|finds? (?:it|him|her|them|the|my|our|this|that)|overrated|underrated|too (?:long|short|slow|fast|loud|big|small|expensive|complicated|complex|heavy|noisy)\b.{0,40}\bto me|(?:looks?|seems?|sounds?|feels?) (?:\p{L}+ ){0,2}to me|should (?:be|have|not)|is exactly right|finde|denke|glaube|je pense|je trouve|creo que|pienso)\b/iu,
  },
]

/** @returns the kind the words of a sentence say, or null when they say none: a fact, or nothing to keep. */
export function kindOf(text: string): Kind | null {
  return CUES.find(({ pattern }) => pattern.test(text))?.kind ?? null
}

const ELIDED_LEAD = String.raw`^(?:(?:just|also|then|finally|already|probably|still|now|so|and|but|definitely|tentatively|recently|currently)[,\s]+)*`
const ELIDED_VERB = new RegExp(
  `${ELIDED_LEAD}(?:will|won['’]t|shall|(?:reckon|think|guess|suppose|hope) (?:I|we)(?:['’]\\p{L}+)?|want(?:ed)?|need(?:ed)? (?:to|a|an|the|more)|have to|had to|(?:not )?going to|no longer going to|gonna|got|was told|said (?:yes|no|I|we)|told (?:her|him|them|the|\\p{Lu}\\p{L}+)|met|bought|sold|sent|wrote|gave|made|took|went|came back|chose|found|kept|left|paid|put|set up|spoke|spent|built|ran|quit|held|began|prefer|love|hate|hope)\\s+\\p{L}`,
  'iu',
)
const PARTICIPLE = new RegExp(`${ELIDED_LEAD}(\\p{L}{2,}(?:ed|ing))(?:\\s+(.*))?$`, 'iu')
const NO_VERB =
  /^(?:red|bed|need|feed|seed|speed|indeed|hundred|thing|king|ring|spring|string|morning|evening|nothing|something|anything|everything|wedding|building|meeting|during|according|including|regarding|concerning|following|interesting|exciting|amazing|boring|annoying|surprising|depending|considering|united|limited|interested|excited|tired|worried|based|related|advanced|unlimited|missing|outstanding|pending|understanding|engineering|marketing|housing|parking|training|funding|painting|clothing|heating|ceiling|pudding|kindred|sacred|naked|wicked|talented|gifted)$/iu
const FINITE =
  /\b(?:is|are|was|were|isn['’]t|aren['’]t|has|have|had|does|do|did|will|would|can|could|should|must|may|might|makes?|takes?|keeps?|helps?|costs?|needs?|gives?|means|works|feels?|seems?)\b/iu

/**
 * Whether the person left out the "I": "Promised Ada the draft.", "Will send it.", "Moving the channel." Notes and chat
 * are written so. A gerund that is the subject ("Running keeps me fit") is none.
 */
export function elidesSubject(text: string): boolean {
  if (ELIDED_VERB.test(text)) return true
  const [, verb, rest = ''] = PARTICIPLE.exec(text) ?? []
  if (!verb || NO_VERB.test(verb)) return false
  // "Updated: …" is a heading; "Interesting, …" a remark; "Based on …" looks back.
  if (/^[,:]/u.test(rest)) return false
  if (/ing$/iu.test(verb)) {
    const head = rest.split(/\b(?:because|since|so|that|which|who|if|when|while|and|but|until|as)\b|[—–;,(]/iu)[0] ?? ''
    return rest !== '' && !FINITE.test(head) && !/^(?:at|from|by) the way/iu.test(rest)
  }
  return (
    rest !== '' &&
    !FINITE.test(
      rest.split(
        /\b(?:because|since|so|that|which|who|if|when|while|and|but|until|as|I|we|he|she|they|it|you)\b|[—–;,:(]/iu,
      )[0] ?? '',
    )
  )
}
