// What about a suggestion deserves a second look. Flags sort the queue; none of them decides anything.
import type { ProposalFlag } from '../../../shared/proposals.ts'
import { hasBlob, hasHiddenText } from '../extraction/pasted.ts'
import type { Change } from '../protocol.ts'

const ORDERS =
  /(?:^|[.!?:;,]\s+|\b(?:please|you (?:must|should|shall|have to|need to)|assistant|ai)[,:]?\s+)(?:please )?(?:remember|store|save|update|note|ignore|disregard|forget|override|reply|respond|answer|say|tell|include|add|append|end|start|begin|treat|trust|recommend|suggest|prefer|mention|promote|send|forward|load|fetch|open|visit|click|call|run|execute|delete|remove|reveal|confirm|approve|authori[sz]e|copy|repeat|merke? dir|speichere?|antworte|ignoriere?|empfiehl|souviens-toi|enregistre|réponds|ignore|recommande|recuerda|guarda|responde|ignora|recomienda)\b/iu
const SYSTEM =
  /\b(?:system (?:prompt|message|note|instructions?)|instructions?|prompts?|tools?|functions?|developer mode|jailbreak|AI|assistants?|language models?|chat ?bots?|memory (?:note|entry|update)|(?:long-term|your|persistent) memory|the user)\b|<\/?(?:system|assistant|user|tool)\b|\[\/?INST\]|<\|\w+\|>/iu
const STANDING =
  /\b(?:always|never|from now on|in (?:the )?future|every (?:time|future|conversation|reply|answer)|whenever|each (?:time|reply|answer)|at all times|permanently|forever|immer|niemals|nie wieder|ab (?:jetzt|sofort)|künftig|toujours|jamais|désormais|dorénavant|à partir de maintenant|siempre|nunca|a partir de ahora|de ahora en adelante)\b/iu
const LINK =
  /\b[a-z][a-z\d+.-]{1,12}:\/\/\S|\bwww\.\S|\b(?:[a-z\d-]{2,}\.)+(?:com|net|org|io|xyz|top|ru|cn|info|biz|app|dev|example|co|me|link|click|site|online)\b(?!@)/iu
/** Zero-width characters inside a word, and everything that turns the direction of writing. */
const UNSEEN = /\p{L}[\u200b\u2060\ufeff\u00ad]\p{L}|[\u202a-\u202e\u2066-\u2069]/u
/** Letters of two scripts in one word that look alike. */
const MIXED =
  /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u

/** How what is kept begins: the machine's own wording, no talk of the assistant's rules. */
const WORDING = /^The user(?=['’\s])/u

/**
 * @param action what is suggested
 * @param claim what would be kept
 * @param quotes the words it rests on
 * @param own they are the person's own, who may say "always" and speak of tools: it orders nobody about
 */
export function flagsOf(
  action: Change['action'],
  claim: string,
  quotes: readonly string[] = [],
  own = false,
): ProposalFlag[] {
  const text = [claim.replace(WORDING, ''), ...quotes].join('\n')
  const flags: [ProposalFlag, boolean][] = [
    ['orders-assistant', ORDERS.test(text)],
    ['mentions-system', !own && SYSTEM.test(text)],
    ['standing-order', !own && STANDING.test(text)],
    ['link', LINK.test(text)],
    ['hidden-characters', UNSEEN.test(text) || hasHiddenText(text)],
    ['look-alike-letters', MIXED.test(text)],
    ['encoded', hasBlob(text)],
    // Something that is held true would give way.
    ['contradicts', action === 'update' || action === 'supersede' || action === 'retire'],
  ]
  return flags.flatMap(([flag, raised]) => (raised ? [flag] : []))
}
