// What somebody gives is sorted before anything is sent.
import { expect, it } from 'vitest'
import { FILE_BYTES_MAX } from '../../../shared/attachments.ts'
import { chooseFiles, groupFiles } from './choose.ts'

const file = (name: string, size = 1, type = '') => ({ name, size, type }) as File
const alone = (name: string, size?: number, type?: string) => ({ file: file(name, size, type), folder: null })
const inside = (path: string, size?: number) => ({
  file: file(path.slice(path.lastIndexOf('/') + 1), size),
  folder: path.slice(0, path.lastIndexOf('/')),
})

it('of a folder, what is hidden, installed or no text is left out and counted', () => {
  const found = [
    inside('shed/src/main.py'),
    inside('shed/.git/config'),
    inside('shed/.env'),
    inside('shed/node_modules/left-pad/index.js'),
    inside('shed/photo.JPG'),
    inside('shed/model.gguf'),
    inside('shed/empty.txt', 0),
    inside('shed/huge.txt', 2 ** 31),
    inside('barn/notes.md'),
  ]
  const { taken, folders, refused } = chooseFiles(found, 10)
  expect(taken.map((one) => one.file.name)).toEqual(['main.py', 'notes.md'])
  expect(refused).toEqual([])
  expect(folders.get('shed')).toEqual({
    taken: 1,
    skipped: { hidden: 2, packages: 1, picture: 1, notText: 1, empty: 1, large: 1 },
  })
  expect(folders.get('barn')).toEqual({ taken: 1, skipped: {} })
})

it('a file that came alone is answered for by its name, and a hidden one is what the person chose', () => {
  const found = [alone('.env'), alone('a.png'), alone('clip', 1, 'video/mp4'), alone('b.txt', FILE_BYTES_MAX + 1)]
  const { taken, refused } = chooseFiles([...found, alone('c.txt'), alone('d.txt')], 2)
  expect(taken.map((one) => one.file.name)).toEqual(['.env', 'c.txt'])
  expect(refused).toEqual([
    { name: 'a.png', why: 'picture' },
    { name: 'clip', why: 'notText' },
    { name: 'b.txt', why: 'large' },
    { name: 'd.txt', why: 'many' },
  ])
})

it('files of one folder stand together', () => {
  const groups = groupFiles([{ folder: null }, { folder: 'shed/src' }, { folder: null }, { folder: 'shed' }])
  expect(groups.map(({ root, files }) => [root, files.length])).toEqual([
    [null, 1],
    ['shed', 2],
    [null, 1],
  ])
})
