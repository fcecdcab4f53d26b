// What the model may do with to-dos when the person lets it: put one on the list, and take one off it as done.
import { z } from 'zod'
import { pickItem } from '../tools/pick.ts'
import { defineTool } from '../tools/tool.ts'
import { asTitle, dayOf } from './said.ts'
import { dueIn, todoContent, withoutDay } from './todo-content.ts'

const words = z.string().trim().max(200)

/** Whether a message can put something on the list or take it off. */
const SPEAKS_OF_TASKS =
  /\b(?:to-?dos?|tasks?|remind|reminders?|remember to|forget to|have to|need to|must|got to|deadline|due|by (?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|next week)\b/iu
const SPEAKS_OF_DONE =
  /\b(?:done|did|finished|completed?|sent|paid|called|booked|bought|submitted|handed in|fixed|tick|cross|check(?:ed)? off|took care|taken care)\b/iu

export const todoTools = [
  defineTool({
    name: 'add_todo',
    summary: 'the person has to do something, or wants to be reminded of it',
    description:
      'Puts one to-do on the list. task: what is to be done, in the words of the person, with the day if they named one.',
    params: z.strictObject({ task: words.min(3) }),
    writes: true,
    fits: (message) => SPEAKS_OF_TASKS.test(message),
    run: async ({ task }, { said, turn }) => {
      const { at, timeZone, userText } = turn
      const text = asTitle(withoutDay(task, at, timeZone))
      // A day is the person's to name: of the model's words only those that they said count.
      const due = dueIn(task, at, timeZone)
      const named = due !== null && dueIn(userText, at, timeZone) === due ? due : null
      const item = { kind: 'todo', text, content: { due: named, done: null }, validFrom: at }
      return { finds: [{ item, evidence: said(text).evidence }] }
    },
  }),
  defineTool({
    name: 'complete_todo',
    summary: 'the person says that something on their to-do list is done',
    description: 'Marks one to-do as done. about: words of it.',
    params: z.strictObject({ about: words.min(2) }),
    writes: true,
    fits: (message) => SPEAKS_OF_DONE.test(message),
    run: async ({ about }, access) => {
      const { turn } = access
      const picked = await pickItem(access, about, ({ content }) => todoContent.parse(content).done === null)
      if (!picked.item) return picked.answer
      const { id, version, kind, text } = picked.item
      const content = { ...todoContent.parse(picked.item.content), done: dayOf(turn.at, turn.timeZone) }
      return {
        changes: [
          { action: 'update', id, base: version, item: { kind, text, content }, evidence: access.said(text).evidence },
        ],
      }
    },
  }),
]
