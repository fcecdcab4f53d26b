// What a person may say on the command line of the browser shell.
import { parseArgs } from 'node:util'
import { AppError } from '../../shared/errors.ts'

export interface BrowserOptions {
  profile: string | undefined
  /** 0: any free one. */
  port: number
  open: boolean
}

/** @throws AppError INVALID_INPUT with a sentence that names the option */
export function readBrowserOptions(given: string[]): BrowserOptions {
  let values: { profile?: string; port?: string; 'no-open'?: boolean }
  try {
    values = parseArgs({
      args: given,
      options: { profile: { type: 'string' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } },
      strict: true,
      allowPositionals: false,
    }).values
  } catch (error) {
    throw new AppError('INVALID_INPUT', (error as Error).message, { cause: error })
  }
  if (values.profile === '') throw new AppError('INVALID_INPUT', '--profile needs a folder.', { field: 'profile' })
  const port = values.port === undefined ? 0 : Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || values.port === '') {
    throw new AppError('INVALID_INPUT', `--port needs a number from 1 to 65535, not "${values.port}".`, {
      field: 'port',
    })
  }
  return { profile: values.profile, port, open: values['no-open'] !== true }
}
