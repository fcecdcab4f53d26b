// Which addresses may be opened outside Understudy. The shell asks again before it opens one; the window asks to show.

// Both runtimes have URL, and this folder belongs to neither.
declare const URL: new (
  text: string,
) => { protocol: string; hostname: string; host: string; username: string; password: string; href: string }

export type ExternalUrl =
  | {
      allowed: true
      /** The whole address as it will be opened; hosts in other scripts are in punycode. Show this one. */
      href: string
      /** Host, or the mail address of a mailto. */
      target: string
      /** The host is written in another script than it looks: `xn--…`. Worth a second look. */
      punycode: boolean
    }
  | { allowed: false; why: 'not-an-address' | 'scheme' | 'credentials' | 'too-long' | 'characters' }

const LONGEST = 4096

/** @param text address as it was written; only whole https: and mailto: addresses without a password pass */
export function checkExternalUrl(text: string): ExternalUrl {
  if (text.length > LONGEST) return { allowed: false, why: 'too-long' }
  // Space, controls, backslashes and quotes: a parser repairs them, and another one repairs them differently.
  if (/[\p{C}\p{Z}\\"'<>`^{|}]/u.test(text)) return { allowed: false, why: 'characters' }
  let url: InstanceType<typeof URL>
  try {
    url = new URL(text)
  } catch {
    return { allowed: false, why: 'not-an-address' }
  }
  if (url.protocol === 'mailto:') {
    const target = url.href.slice('mailto:'.length).split('?', 1)[0] ?? ''
    return target.includes('@')
      ? { allowed: true, href: url.href, target, punycode: false }
      : { allowed: false, why: 'not-an-address' }
  }
  if (url.protocol !== 'https:') return { allowed: false, why: 'scheme' }
  if (!/^https:\/\//i.test(text) || url.hostname === '') return { allowed: false, why: 'not-an-address' }
  if (url.username !== '' || url.password !== '') return { allowed: false, why: 'credentials' }
  return { allowed: true, href: url.href, target: url.host, punycode: /(?:^|\.)xn--/.test(url.hostname) }
}
