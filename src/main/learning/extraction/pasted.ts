// Signs by which a stretch of text is not the typing of the person who sent it. None is proof alone; what is pasted
// shows itself by several, or by the person's own words that point at it.

/** The person's first person singular, in the languages the gate knows. A company says "we". */
const SPEAKS_OF_THEMSELVES =
  /(?:^|[^\p{L}])(?:I|I['’](?:m|ve|ll|d)|my|mine|me|myself|ich|mein\w*|mir|mich|je|j['’]\p{L}+|mon|ma|mes|moi|yo|soy|estoy|tengo|vivo|trabajo|prefiero|mi|mis|me|io|sono|ho|mio|mia|miei|eu|meu|minha|sou|ik|mijn|jag|min|mitt|mina)(?=[^\p{L}]|$)/iu

/** Somebody is greeted by name: "Hi David,", also with the text right behind it. */
const GREETS =
  /^\s*(?:(?:[Dd]ear|DEAR|[Ss]ehr geehrte\p{L}*|[Ll]ieber?|[Gg]uten Tag|[Hh]allo|[Cc]h[eè]re?s?|[Bb]onjour|[Ee]stimad[oa]s?|[Qq]uerid[oa]s?|[Hh]ola|[Gg]entil[ei]|[Cc]ar[oa]|[Cc]iao|[Bb]este|[Oo]lá|[Pp]rezad[oa])\s+[\p{L}][\p{L} .'’-]{0,40}|(?:[Tt]eam|[Aa]ll|[Ee]veryone|[Ff]olks|[Cc]olleagues|[Ff]riends|[Hh]allo zusammen)(?=\s*,\s*$)|(?:[Hh]i|[Hh]ello|[Hh]ey|[Gg]reetings|[Gg]ood (?:morning|afternoon|evening|day))(?:\s+(?:there|all|team|everyone|folks|again)|\s+\p{Lu}[\p{L}.'’-]{1,20}(?:\s+\p{Lu}[\p{L}.'’-]{1,20})?)?)\s*[,!:–—-]/mu
/** The same on a line of its own, where the comma may be missing. */
const GREETING_LINE =
  /^\s*(?:[Dd]ear|[Ss]ehr geehrte\p{L}*|[Ll]ieber?|[Cc]h[eè]re?s?|[Ee]stimad[oa]s?|[Qq]uerid[oa]s?|[Hh]i|[Hh]ello|[Hh]ey|[Gg]ood (?:morning|afternoon|evening|day))\s+\p{L}[\p{L} .'’-]{0,40}[,!:]?\s*$/u

const SIGNS_OFF =
  /^\s*(?:(?:(?:with )?(?:best|kind|kindest|warm|warmest|many)\s+(?:regards|wishes|thanks)|regards|best|sincerely|yours(?: (?:truly|faithfully|sincerely))?|respectfully|cheers|thanks(?: (?:again|in advance))?|thank you|mit (?:freundlichen|besten|lieben) gr[uü](?:ß|ss)en|(?:viele|liebe|beste|herzliche) gr[uü](?:ß|ss)e|cordialement|bien (?:à vous|cordialement)|(?:meilleures|sincères) salutations|(?:un )?(?:cordial )?saludos?|atentamente|un abrazo|cordiali saluti|distinti saluti|met vriendelijke groet\w*|atenciosamente|love|xoxo)\s*[,.!]?\s*|(?:[–—-]{1,2}\s*)?(?:the|your|das|ihr|l['’]équipe|el equipo)\s+(?:\p{L}[\p{L}\d&.'’-]*\s+){0,4}(?:team|crew|staff|support|équipe)\b.*|(?:l['’]équipe|el equipo(?: de)?|ihr)\s+\p{Lu}.{0,40}|sent (?:from|with|via) .{2,40}|gesendet (?:von|mit) .{2,40}|envoyé (?:de|depuis) .{2,40}|enviado desde .{2,40})$/iu

const BOILERPLATE =
  /\b(?:unsubscribe|opt[ -]out|view (?:it |this (?:e-?mail|message) )?(?:online|in (?:your |a |the )?browser)|(?:do not|don['’]t|please do not) reply to this|all rights reserved|privacy policy|terms (?:of (?:use|service)|and conditions|apply)|click (?:here|below|the (?:link|button))|manage (?:your )?preferences|you(?:['’]re| are) receiving|you received this|intended recipient|confidentiality notice|skip to (?:main )?content|cookie (?:policy|settings)|accept (?:all )?cookies|sign in to|log in to your|read more|learn more|share this|subscribe (?:now|to)|follow us|abmelden|abbestellen|im browser (?:ansehen|öffnen)|datenschutz|impressum|se d[eé]s(?:abonner|inscrire)|mentions légales|darse de baja|cancelar (?:la )?suscripción|aviso (?:de privacidad|legal)|ver en (?:el|su|tu) navegador|voir dans (?:le|votre) navigateur)\b|©|\(c\) ?\d{4}/iu

const YOUR_ACCOUNT =
  /\b(?:your|ihr\w*|dein\w*|votre|vos|su|sus|tu)\s+(?:\p{L}+['’]?s?\s+){0,2}(?:accounts?|cards?|orders?|subscriptions?|payments?|invoices?|bookings?|reservations?|deliver(?:y|ies)|packages?|parcels?|memberships?|appointments?|tickets?|bills?|statements?|trial|plan|inbox|company|konto|karte|bestellung|buchung|rechnung|paket|lieferung|termin|compte|carte|commande|réservation|facture|colis|cuenta|tarjeta|pedido|reserva|factura|paquete|cita)\b/iu
const COMPANY_VOICE =
  /\b(?:our (?:customers?|clients?|team|services?|products?|website|app|policy|terms|partners?|members|readers|subscribers|offices?|support|records)|we (?:are|were)(?: \w+)? (?:pleased|excited|happy|delighted|sorry|writing|proud|thrilled)|we(?:['’]ve| have) (?:received|noticed|detected|updated|processed|sent|launched)|contact us|get in touch|reach out to us|please (?:find|note that your|be advised|confirm|see attached)|wir freuen uns|unsere (?:kund\w+|dienst\w+)|nous (?:vous|avons)|nos (?:clients|services)|le (?:informamos|recordamos)|nuestros? (?:clientes|servicios))\b/iu
const READER = /\b(?:you|your|yours|yourself|Sie|Ihnen|Ihr\w{0,2}|vous|votre|vos|usted|ustedes)\b/gu
/** Talk to or about the assistant. Counts only beside other signs: a person gives orders as well. */
const TO_THE_ASSISTANT =
  /\b(?:(?:ignore|disregard|forget|override) (?:all |any |the |your )?(?:previous|prior|above|earlier|other) (?:instructions?|prompts?|rules)|system (?:prompt|message|note)|(?:AI|virtual|language) (?:assistants?|models?|agents?)|as an AI|chat ?bots?|(?:your|long-term|persistent) memory|memory (?:note|entry|update)|(?:in|to|into|with|of|from) (?:your|the|each|every) (?:next |final |own )?(?:reply|replies|response|responses|answers?|output|summary)|the user(?:['’]s)?|instructions? for (?:the )?(?:assistant|AI|model))\b/iu
const ADDRESS = /\bhttps?:\/\/\S+|\bwww\.\S+\.\S+|[\w.+-]+@[\w-]+\.\w{2,}/iu
const BYLINE =
  /^\s*(?:#{1,6}\s+\S|by \p{Lu}[\p{L}.'’-]+(?: \p{Lu}[\p{L}.'’-]+){1,3}\s*(?:$|[|,·•–—-])|(?:published|posted|updated|last (?:updated|modified)|veröffentlicht|publié|publicado)\b.{0,60}\d|\d+ min(?:ute)?s? read\b|photo(?:graph)?:|source:|related (?:articles|posts)|table of contents|(?:abstract|introduction|conclusions?|summary|home|menu|contents|comments|faq)\s*$)/imu
const FORM_LINE =
  /^\s*(?:invoice|order|booking|reference|receipt|amount|sub-?total|total|vat|tax|iban|due date|bill to|ship to|payment|account|customer|quantity|qty|item|price|location|organi[sz]er|attendees|when|where|agenda|dtstart|dtend|summary|begin|rechnung\w*|betrag|gesamt|fällig|facture|montant|échéance|factura|importe|fecha|vencimiento)\b[^.!?\n]{0,30}(?::|\t| {2,})/gimu
/** Long runs that only machines write. */
const BLOB = /(?:[A-Za-z0-9+/]{48,}={0,2}|(?:[0-9a-f]{2}[\s:]?){40,})/iu
/** Tags that carry text unseen, and overrides of the direction of writing. Flags of regions are made of tags, too. */
const HIDDEN = /[\u202d\u202e]|[\u{e0000}-\u{e007f}]/u
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}/gu

const LONG_WITHOUT_A_PERSON = 700

/** @returns whether characters are in the text that a reader does not see, but a model reads. */
export function hasHiddenText(text: string): boolean {
  return HIDDEN.test(text.replace(FLAG, ''))
}

/** @returns whether a long run of base64 or hexadecimal digits is in the text. */
export function hasBlob(text: string): boolean {
  return BLOB.test(text)
}

/** @returns whether a text starts by greeting somebody. */
export function greets(text: string): boolean {
  const line = text.trimStart().split('\n', 1)[0] ?? ''
  return GREETING_LINE.test(line) || GREETS.test(line)
}

/** @returns whether a line of the text ends a letter. */
export function signsOff(text: string): boolean {
  return text.split('\n').some((line) => SIGNS_OFF.test(line))
}

/**
 * How much a text looks like a mail, a page, a form or a letter: 0 for nothing, from 2 it is more likely pasted than
 * typed. What talks to the assistant counts only where something else shows.
 */
export function pastedScore(text: string): number {
  const readers = text.match(READER)?.length ?? 0
  const oneself = SPEAKS_OF_THEMSELVES.test(text)
  const signs = [
    greets(text) ? 1 : 0,
    signsOff(text) ? 2 : 0,
    BOILERPLATE.test(text) ? 2 : 0,
    YOUR_ACCOUNT.test(text) ? 1 : 0,
    COMPANY_VOICE.test(text) ? 1 : 0,
    readers >= 2 && !oneself ? 1 : 0,
    ADDRESS.test(text) ? 1 : 0,
    BYLINE.test(text) ? 1 : 0,
    Math.min(2, text.match(FORM_LINE)?.length ?? 0),
    hasBlob(text) ? 2 : 0,
    hasHiddenText(text) ? 2 : 0,
    text.length > LONG_WITHOUT_A_PERSON && !oneself ? 1 : 0,
  ].reduce<number>((sum, sign) => sum + sign, 0)
  return signs > 0 && TO_THE_ASSISTANT.test(text) ? signs + 1 : signs
}

/** Share of sentences a person must speak of themselves in, for a longer text to be their own account. */
const OWN_SHARE = 1 / 3

/** @returns whether somebody gives an account of themselves in these sentences, and nothing shows that it was pasted. */
export function isOwnAccount(sentences: readonly string[]): boolean {
  if (sentences.length === 0) return false
  const own = sentences.filter((sentence) => SPEAKS_OF_THEMSELVES.test(sentence)).length
  return own / sentences.length >= OWN_SHARE && pastedScore(sentences.join('\n')) === 0
}

/** @returns whether a text speaks in the first person singular anywhere. */
export function speaksOfThemselves(text: string): boolean {
  return SPEAKS_OF_THEMSELVES.test(text)
}
