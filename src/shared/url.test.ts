import { expect, test } from 'vitest'
import { checkExternalUrl } from './url.ts'

test.each([
  ['https://example.com/a?b=c#d', 'https://example.com/a?b=c#d', 'example.com'],
  ['HTTPS://Example.com', 'https://example.com/', 'example.com'],
  ['https://example.com:8443/', 'https://example.com:8443/', 'example.com:8443'],
  ['mailto:a@example.com?subject=hi', 'mailto:a@example.com?subject=hi', 'a@example.com'],
])('opens %s', (text, href, target) => {
  expect(checkExternalUrl(text)).toEqual({ allowed: true, href, target, punycode: false })
})

test('shows what a look-alike host really is', () => {
  expect(checkExternalUrl('https://аpple.com/')).toEqual({
    allowed: true,
    href: 'https://xn--pple-43d.com/',
    target: 'xn--pple-43d.com',
    punycode: true,
  })
})

test.each([
  ['http://example.com/', 'scheme'],
  ['file:///etc/passwd', 'scheme'],
  ['smb://server/share', 'scheme'],
  ['javascript:alert(1)', 'scheme'],
  ['vbscript:x', 'scheme'],
  ['ms-settings:privacy', 'scheme'],
  ['ms-msdt:/id', 'scheme'],
  ['data:text/html,x', 'scheme'],
  ['app://bundle/', 'scheme'],
  ['//example.com/', 'not-an-address'],
  ['example.com', 'not-an-address'],
  ['https:example.com', 'not-an-address'],
  ['https:/example.com', 'not-an-address'],
  ['https://', 'not-an-address'],
  ['mailto:', 'not-an-address'],
  ['', 'not-an-address'],
  ['\\\\server\\share', 'characters'],
  ['https:\\\\example.com', 'characters'],
  [' https://example.com', 'characters'],
  ['https://example.com/\u202egpj.exe', 'characters'],
  ['java\nscript:alert(1)', 'characters'],
  ['https://user@example.com/', 'credentials'],
  ['https://example.com:x@evil.example/', 'credentials'],
  [`https://example.com/${'a'.repeat(5000)}`, 'too-long'],
] as const)('refuses %s', (text, why) => {
  expect(checkExternalUrl(text)).toEqual({ allowed: false, why })
})
