// What people say of an answer, each way of saying it one wish: the same remark in other words is the same remark.

export interface Wish {
  key: string
  /** What holds instead when this is wished; the two cannot both be rules. */
  against: string | null
  /** As a rule of style or method, in one line. */
  rule: string
  said: RegExp
}

export const WISHES: readonly Wish[] = [
  {
    key: 'shorter',
    against: 'longer',
    rule: 'Answer in as few words as the question allows: the bare answer, nothing around it.',
    said: /\b(?:too (?:long|wordy|verbose|much(?: text)?)|(?:much |way )?shorter|more (?:brief|concise)|(?:be|keep it) (?:brief|short|concise)|just (?:the|a|give|tell|say)\b|only (?:the|a)\b|less text|get to the point|tl;?dr|zu lang|kürzer|trop long|plus court|demasiado largo|más corto)\b/iu,
  },
  {
    key: 'longer',
    against: 'shorter',
    rule: 'Answer at length: with reasons and details.',
    said: /\b(?:too (?:short|brief|vague|superficial)|(?:much )?longer|more (?:detail(?:s|ed)?|depth|context)|elaborate|in (?:more|greater) detail|zu kurz|ausführlicher|plus de détails|más detalles?)\b/iu,
  },
  {
    key: 'simpler',
    against: null,
    rule: 'Use plain words and no jargon.',
    said: /\b(?:simpler|in (?:plain|simple) (?:words|terms|english)|too (?:technical|complicated|complex)|less jargon|no jargon|don['’]t understand)\b/iu,
  },
  {
    key: 'no_lists',
    against: 'lists',
    rule: 'Write in sentences, without bullet points.',
    said: /\b(?:no|without|fewer|stop (?:using|with)|don['’]t use|skip the|less) (?:the )?(?:bullets?(?: points?)?|lists?|bullet lists?)\b/iu,
  },
  {
    key: 'lists',
    against: 'no_lists',
    rule: 'Put points in a bullet list.',
    said: /\b(?:(?:use|with|as|in|give me) (?:a )?(?:bullets?(?: points?)?|bullet lists?|list))\b/iu,
  },
  {
    key: 'no_emoji',
    against: null,
    rule: 'Use no emoji.',
    said: /\b(?:no|without|stop (?:using|with)|don['’]t use|drop the|skip the) (?:the )?emojis?\b/iu,
  },
  {
    key: 'formal',
    against: 'casual',
    rule: 'Keep a formal tone.',
    said: /\b(?:more formal(?:ly)?|too (?:casual|informal|chatty)|less (?:casual|chatty))\b/iu,
  },
  {
    key: 'casual',
    against: 'formal',
    rule: 'Keep a casual tone.',
    said: /\b(?:less formal(?:ly)?|too (?:formal|stiff)|more (?:casual|relaxed|informal))\b/iu,
  },
  {
    key: 'no_preamble',
    against: null,
    rule: 'Start with the answer: no introduction, praise or apology.',
    said: /\b(?:(?:no|without|skip the|stop (?:the|with the)|drop the) (?:intro(?:duction)?s?|preambles?|apolog(?:y|ies|izing|ising)|flattery|praise|small talk|fluff|filler)|stop (?:apologi[sz]ing|praising|flattering)|conclusions? first|answer first)\b/iu,
  },
  {
    key: 'examples',
    against: null,
    rule: 'Give an example with each explanation.',
    said: /\b(?:with (?:an )?examples?|give (?:me )?(?:an )?examples?|more examples?|needs? (?:an )?examples?)\b/iu,
  },
  {
    key: 'code_only',
    against: null,
    rule: 'To a question about code answer with the code alone.',
    said: /\b(?:(?:just|only) (?:the )?code|code only|no explanations?|without (?:the )?explanations?)\b/iu,
  },
  {
    key: 'sources',
    against: null,
    rule: 'Say where a statement comes from, and when it is not sure.',
    said: /\b(?:sources?\?|cite (?:your )?sources?|where (?:is|does) (?:that|this) (?:from|come from)|made (?:that|this|it) up|not true|hallucinat\w*)\b/iu,
  },
]

/** A remark on the answer before, not a new request: short, and worded as one. */
const REMARK =
  /^(?:(?:no|ok(?:ay)?|thanks?|thank you|hm+|please|well|sorry|but|and|again|next time|great|good|nice|wrong)[,.!:]?\s+)*(?:(?:that|this|it|your (?:last )?answer)(?:['’]s| is| was| were)?\b|(?:way |much |far |a bit |still )?too\b|just\b|only\b|short(?:er)?\b|long(?:er)?\b|simpler|less\b|fewer\b|more\b|no\b|without\b|with\b|in (?:plain|simple|more|one)\b|stop\b|skip\b|drop\b|don['’]t\b|be\b|keep\b|make it\b|use\b|cite\b|code only|conclusions?\b|answer first|zu\b|kürzer|trop\b|plus\b|demasiado\b|más\b)/iu
const LONGEST_REMARK = 14

/** @returns what a remark on an answer wishes; of several the first */
export function wishIn(text: string): Wish | null {
  // "Just the code" is about code, "just the number" about length: the narrower wish first.
  const found = WISHES.filter(({ said }) => said.test(text))
  return found.find(({ key }) => key !== 'shorter') ?? found[0] ?? null
}

/** Whether a sentence is a remark on the answer before. */
export function isRemark(sentence: string): boolean {
  return sentence.split(/\s+/u).length <= LONGEST_REMARK && REMARK.test(sentence.trim())
}

const BULLET = /^\s*(?:[-*•]|\d{1,2}[.)])\s+\S/gmu
const EMOJI = /\p{Extended_Pictographic}/gu
const SHORTER = 0.6
const LONGER = 1.8

/** @returns what an edit of an answer wishes of the next ones; null when it only says something else */
export function wishOfEdit(answer: string, edited: string): Wish | null {
  const [before, after] = [count(answer, /\S+/gu), count(edited, /\S+/gu)]
  const key =
    after <= before * SHORTER
      ? 'shorter'
      : after >= before * LONGER && after - before > 15
        ? 'longer'
        : count(answer, BULLET) >= 2 && count(edited, BULLET) === 0
          ? 'no_lists'
          : count(answer, EMOJI) > 0 && count(edited, EMOJI) === 0
            ? 'no_emoji'
            : null
  return WISHES.find((wish) => wish.key === key) ?? null
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
