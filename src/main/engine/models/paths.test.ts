import { expect, test } from 'vitest'
import { modelFolders } from './paths.ts'

test('models lie in the data folder of the system, and a folder of the person is searched first', () => {
  expect(modelFolders({ XDG_DATA_HOME: '/data' }, 'linux', '/home/ada')).toEqual({
    folder: '/data/understudy/models',
    own: null,
  })
  expect(modelFolders({}, 'linux', '/home/ada').folder).toBe('/home/ada/.local/share/understudy/models')
  expect(modelFolders({}, 'darwin', '/Users/ada').folder).toBe(
    '/Users/ada/Library/Application Support/Understudy/models',
  )
  expect(modelFolders({ UNDERSTUDY_MODELS: '/mnt/models' }, 'linux', '/home/ada').own).toBe('/mnt/models')
})
