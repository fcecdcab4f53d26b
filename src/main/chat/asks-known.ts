// "What do you know about me?" in plain words, and the answer to it: a list of what is known and nothing else. It needs no
// model, which might add to it.

import { oneLine } from '../learning/define-store.ts'
import type { KnownGroup } from '../learning/known.ts'

type Language = 'en' | 'de' | 'fr' | 'es' | 'it' | 'pt' | 'nl'

/** The whole message asks it, whatever stands around it in politeness. */
const ASKS: Record<Language, RegExp> = {
  en: /^(?:(?:hey|hi|so|ok(?:ay)?|and|please|could you|can you|now)[\s,]+)*(?:(?:tell|show|list)(?: me)? (?:what|everything|all)(?: that)? you (?:know|remember|have learned|have learnt|learned)(?: so far)? (?:about|of) me|what(?: all| else)? (?:do|did|have) you (?:know|remember|learn(?:ed|t)?)(?: so far)? (?:about|of) me(?: so far)?|what(?: is|'s|’s) known (?:about|of) me)(?:,? please)?$/iu,
  de: /^(?:(?:hey|hallo|und|also|bitte|sag(?: mir)?)[\s,]+)*was (?:wei(?:ß|ss)t du|wissen sie|hast du)(?: schon| bisher| eigentlich| alles)*(?: gelernt| gemerkt)? (?:über|von) mi(?:ch|r)(?: gelernt| gemerkt)?(?:,? bitte)?$/iu,
  fr: /^(?:que (?:sais|connais)[- ]tu|que savez[- ]vous|qu['’]est[- ]ce que (?:tu sais|vous savez)|dis[- ]moi ce que tu sais)(?: déjà)? (?:de|sur) moi$/iu,
  es: /^(?:¿\s*)?(?:dime )?(?:qué|que|lo que) (?:sabes|sabe|has aprendido|recuerdas)(?: ya)? (?:de|sobre|acerca de) mí?$/iu,
  it: /^(?:dimmi )?(?:che )?(?:cosa|quello che) (?:sai|sa|ricordi) (?:già )?(?:di|su di|su) me$/iu,
  pt: /^(?:me diga |diz-me )?o que (?:é que )?(?:você |tu )?(?:sabes?|lembra|aprendeu)(?: já)? (?:sobre|de|acerca de) mim$/iu,
  nl: /^wat weet (?:je|jij|u)(?: al| allemaal)? (?:over|van) mij$/iu,
}

const WORDS: Record<Language, { begin: string; nothing: string; more: (n: number) => string; end: string }> = {
  en: {
    begin: 'This is what I know about you. Each line leads to the words it came from:',
    nothing:
      'I know nothing about you yet. What you tell me about yourself and your plans will be listed on the Memory page.',
    more: (n) => `and ${n} more on the Memory page`,
    end: 'On the Memory page you can correct or forget any of it.',
  },
  de: {
    begin: 'Das weiß ich über dich. Jede Zeile führt zu den Worten, aus denen sie stammt:',
    nothing:
      'Ich weiß noch nichts über dich. Was du mir über dich und deine Pläne erzählst, steht dann auf der Seite „Memory“.',
    more: (n) => `und ${n} weitere auf der Seite „Memory“`,
    end: 'Auf der Seite „Memory“ kannst du alles davon korrigieren oder vergessen lassen.',
  },
  fr: {
    begin: 'Voici ce que je sais de toi. Chaque ligne mène aux mots d’où elle vient :',
    nothing:
      'Je ne sais encore rien de toi. Ce que tu me diras de toi et de tes projets figurera à la page « Memory ».',
    more: (n) => `et ${n} de plus à la page « Memory »`,
    end: 'À la page « Memory », tu peux tout corriger ou faire oublier.',
  },
  es: {
    begin: 'Esto es lo que sé de ti. Cada línea lleva a las palabras de las que viene:',
    nothing: 'Todavía no sé nada de ti. Lo que me cuentes de ti y de tus planes estará en la página «Memory».',
    more: (n) => `y ${n} más en la página «Memory»`,
    end: 'En la página «Memory» puedes corregir u olvidar cualquiera de estas cosas.',
  },
  it: {
    begin: 'Ecco cosa so di te. Ogni riga porta alle parole da cui viene:',
    nothing: 'Non so ancora nulla di te. Quello che mi dirai di te e dei tuoi piani comparirà nella pagina «Memory».',
    more: (n) => `e altri ${n} nella pagina «Memory»`,
    end: 'Nella pagina «Memory» puoi correggere o far dimenticare ogni cosa.',
  },
  pt: {
    begin: 'Isto é o que sei sobre você. Cada linha leva às palavras de onde veio:',
    nothing: 'Ainda não sei nada sobre você. O que me contar sobre si e os seus planos estará na página «Memory».',
    more: (n) => `e mais ${n} na página «Memory»`,
    end: 'Na página «Memory» você pode corrigir ou fazer esquecer qualquer uma destas coisas.',
  },
  nl: {
    begin: 'Dit weet ik over je. Elke regel leidt naar de woorden waar hij vandaan komt:',
    nothing:
      'Ik weet nog niets over je. Wat je me over jezelf en je plannen vertelt, komt op de pagina ‘Memory’ te staan.',
    more: (n) => `en nog ${n} op de pagina ‘Memory’`,
    end: 'Op de pagina ‘Memory’ kun je alles verbeteren of laten vergeten.',
  },
}

/** A longer message asks for more than this. In characters. */
const LONGEST = 120

/** @returns the language in which a message asks what is known of the person; null when it asks something else */
export function asksWhatIsKnown(text: string): Language | null {
  const asked = text.trim()
  if (asked.length > LONGEST) return null
  const plain = asked.replace(/[\s?!.…]+$/u, '').replace(/\s+/gu, ' ')
  const languages = Object.keys(ASKS) as Language[]
  return languages.find((language) => ASKS[language].test(plain)) ?? null
}

/**
 * The answer, in lines that a window knows again: a store's name between asterisks, and an item a line, as it stands on the
 * memory page.
 */
export function tellWhatIsKnown(language: Language, groups: readonly KnownGroup[]): string {
  const { begin, nothing, more, end } = WORDS[language]
  if (groups.length === 0) return nothing
  const lists = groups.map(({ title, items, total }) => {
    const lines = items.map(({ text }) => `- ${oneLine(text)}`)
    if (total > items.length) lines.push(`- ${more(total - items.length)}`)
    return [`**${oneLine(title)}**`, '', ...lines].join('\n')
  })
  return [begin, ...lists, end].join('\n\n')
}
