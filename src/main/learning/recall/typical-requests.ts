// Some memories are near to every request for advice, whatever it is about, and stand before the one that decides it. How
// near a memory is to requests as people make them every day says how little its nearness to this one means.
//
// The known answer to such "hubs" of a vector space: compare with a bank of other questions (Bogolin et al., "Cross Modal
// Retrieval with Querybank Normalisation", CVPR 2022) by the mean of the nearest (CSLS: Conneau et al., "Word Translation
// Without Parallel Data", ICLR 2018).
import type { Log } from '../../app/log.ts'
import type { Embedder } from '../../engine/engine.ts'

/** Requests of daily life, none of them about anybody in particular. */
const REQUESTS: readonly string[] = [
  'What should I cook for dinner tonight?',
  'Can you suggest a good restaurant for this evening?',
  "I'm hosting guests this weekend. What could I serve?",
  'Which snacks should I bring to the picnic?',
  'What would be a healthy breakfast for busy mornings?',
  'Can you recommend a dessert for a birthday?',
  'What should I order at the café?',
  'Could you plan my meals for the week?',
  'I want to visit a new city in spring. Where should I go?',
  'Can you suggest a place to stay near the sea?',
  'How should I get from the airport to the centre?',
  'What are some things to do on a rainy day in the capital?',
  'I have two weeks of holiday. How should I spend them?',
  'What should I pack for a trip to the mountains?',
  'Can you recommend a guided tour?',
  'Which museum or sight should I not miss?',
  'What film should we watch tonight?',
  'Can you recommend a series to start?',
  'Which book should I read next?',
  'I need some music for a long drive. Any ideas?',
  'What game could we play with friends?',
  'Which podcast would you suggest for my commute?',
  'Can you recommend a concert or a show this month?',
  'What should I do this weekend?',
  'I have a free evening. What would you suggest?',
  'How can I get fitter this year?',
  'Which sport would be good for me?',
  'Can you suggest a workout I can do at home?',
  'How can I sleep better?',
  'What could help me to relax after work?',
  'How can I bring down my stress?',
  'Which hobby should I try?',
  "I'm looking for a present for my partner. Any ideas?",
  'Which phone should I buy?',
  'I need a new laptop. What would you recommend?',
  'Can you help me choose a car?',
  'Which shoes would suit me?',
  'What should I wear to a wedding?',
  'Can you suggest furniture for a small room?',
  'How should I decorate the living room?',
  'Which plants would do well on my balcony?',
  'What should I look for in a new flat?',
  'Which app should I use to keep notes?',
  'How should I organise my files?',
  'Can you recommend headphones?',
  'What would be a good gift for a child?',
  'Which shop should I go to for clothes?',
  'How should I invest my savings?',
  'How can I spend less each month?',
  'Which insurance would you advise?',
  'How should I prepare for a job interview?',
  'What career could suit me?',
  'How do I ask for a rise?',
  'Can you help me to write an application?',
  'How should I organise my working day?',
  'What would be a good way to lead a meeting?',
  'Which tools should our team use?',
  'How can I meet people in my field?',
  'How should I settle a conflict with a colleague?',
  'Should I work from home or in the office?',
  'How can I learn a language fast?',
  'Which course should I take next?',
  'How should I study for an exam?',
  'Can you explain a hard subject to me in a good way?',
  'What is the best way to remember what I read?',
  'Which programming language should I learn?',
  'Can you recommend a teacher or a class?',
  'How do I start to play an instrument?',
  'What pet would fit my life?',
  'What should I feed my animal?',
  'How can I train my dog?',
  'Which toys are good for a cat?',
  'How should I look after a new pet?',
  'Where can I leave my pet while I travel?',
  'How can I keep in touch with my family?',
  'What could I do with the children on Sunday?',
  'How should I celebrate my anniversary?',
  'Can you help me plan a party?',
  'What should I write in a card?',
  'How can I make new friends?',
  'Where could I volunteer?',
  'How should I spend my retirement?',
  'Which newspaper or source should I follow?',
  'How can I live in a way that harms nature less?',
  'What should I do about my skin?',
  'Which doctor or treatment should I consider?',
  'How can I fix things at home by myself?',
  'Can you recommend a cleaning routine?',
  'What is a good way to start the morning?',
  'Which route should I take for a walk?',
  'How should I travel to work?',
  'What should I plant in the garden?',
  'Which camera would be right for a beginner?',
  'Can you suggest an art project?',
  'What could I photograph on my trip?',
  'Which event should I go to in my town?',
]
/** The mean is taken over so many of the nearest. */
const NEAREST = 10

export class TypicalRequests {
  readonly #embedder: Embedder
  readonly #log: Log
  #made: { model: string; vectors: readonly Float32Array[] } | null = null

  constructor(embedder: Embedder, log: Log) {
    this.#embedder = embedder
    this.#log = log
  }

  /** Embeds the requests in the background, once a model; without the embedder there is no comparison, and no error. */
  async prepare(): Promise<void> {
    const { model } = this.#embedder
    if (this.#made?.model === model) return
    try {
      this.#made = { model, vectors: await this.#embedder.embed([...REQUESTS], 'query', { background: true }) }
    } catch (error) {
      this.#log.warn({ err: (error as Error).name }, 'requests to compare with could not be embedded')
    }
  }

  /**
   * @returns how near a unit vector of the current model is to typical requests, a cosine; null before `prepare` is done
   */
  nearnessTo(vector: Float32Array): number | null {
    if (this.#made?.model !== this.#embedder.model) return null
    const nearest = this.#made.vectors
      .map((request) => dot(request, vector))
      .sort((a, b) => b - a)
      .slice(0, NEAREST)
    return nearest.reduce((sum, similarity) => sum + similarity, 0) / nearest.length
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (const [index, value] of a.entries()) sum += value * (b[index] ?? 0)
  return sum
}
