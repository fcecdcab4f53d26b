import { expect, it } from 'vitest'
import { filesToSend } from './choose-files.ts'

const found = (path: string) => {
  const at = path.lastIndexOf('/')
  return { file: new File(['x'], path.slice(at + 1)), folder: at < 0 ? null : path.slice(0, at) }
}

it('sends one file as it is, whatever it is called', () => {
  expect(filesToSend([found('conversations.dat')])).toMatchObject({
    name: 'conversations.dat',
    files: [{ name: 'conversations.dat' }],
    leftOut: 0,
  })
})

it('sends the texts of a folder with their places, and not what programs keep there', () => {
  const sent = filesToSend([
    found('Notes/a.md'),
    found('Notes/deep/b.txt'),
    found('Notes/photo.png'),
    found('Notes/.obsidian/app.json'),
  ])
  expect(sent).toMatchObject({ name: 'Notes', leftOut: 2 })
  expect(sent?.files.map(({ name }) => name)).toEqual(['Notes/a.md', 'Notes/deep/b.txt'])
})

it('has nothing to send of a folder of pictures', () => {
  expect(filesToSend([found('Trip/1.jpg'), found('Trip/2.jpg')])).toBeNull()
  expect(filesToSend([])).toBeNull()
})
