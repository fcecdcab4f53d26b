import { resolveAll } from './src/main/learning/extraction/references.ts'
import { readMentions } from './src/main/learning/extraction/mentions.ts'
const texts = ["Zayd made me a radio out of a biscuit tin","happy birthday zayd day","he loved the soldering thing","met his mum Samiha"]
let at = 0; const sents = texts.map((text) => { const s = { text, start: at, end: at + text.length }; at += text.length + 1; return s })
console.log(resolveAll(sents as any, readMentions(undefined, { own: sents } as any)), readMentions(undefined, { own: sents } as any).map((m: any)=>[m.name,m.type]))
