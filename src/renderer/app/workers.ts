// The one place that starts workers. The content policy lets nothing but this file's trusted type name a script.

/** Name of the policy in the content policy of both shells; no second one of that name can be made. */
const POLICY = 'understudy-worker'

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): URL }
}

/** Only files of the window itself, which the build put beside it. */
function checkedUrl(address: string): string {
  const url = new URL(address, document.baseURI)
  const own = new URL('.', document.baseURI)
  if (url.protocol !== own.protocol || url.host !== own.host || url.search !== '' || !/\.[jt]s$/.test(url.pathname)) {
    throw new TypeError('Workers are started from the files of the window only.')
  }
  return url.href
}

const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
// Made once, when the window starts: from then on nobody else can.
const policy = trustedTypes?.createPolicy(POLICY, { createScriptURL: checkedUrl })

/** @param address what the build gives for a `?worker&url` import */
export function startWorker(address: string): Worker {
  const url = policy ? policy.createScriptURL(address) : checkedUrl(address)
  return new Worker(url as URL, { type: 'module' })
}
