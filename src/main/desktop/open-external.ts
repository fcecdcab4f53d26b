// The one place from which an address is opened outside.
import { AppError } from '../../shared/errors.ts'
import { checkExternalUrl } from '../../shared/url.ts'

export interface Outside {
  /** Shows the whole address and asks. */
  confirm(question: { message: string; detail: string }): Promise<boolean>
  open(address: string): Promise<void>
}

/** @throws AppError NOT_ALLOWED for everything but a plain https or mailto address */
export async function openExternal(text: string, outside: Outside): Promise<void> {
  const url = checkExternalUrl(text)
  if (!url.allowed) {
    throw new AppError('NOT_ALLOWED', 'Understudy opens only https and mailto addresses without a password in them.')
  }
  const warning = url.punycode ? '\n\nThe name of this site is written in letters that can look like others.' : ''
  const confirmed = await outside.confirm({
    message: `Open this address outside Understudy?`,
    detail: `${url.href}${warning}`,
  })
  if (confirmed) await outside.open(url.href)
}
