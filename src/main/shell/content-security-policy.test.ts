import { expect, test } from 'vitest'
import { contentSecurityPolicy, securityHeaders } from './content-security-policy.ts'

// A change here needs a second pair of eyes: it widens or narrows what a page of Understudy may do.
test('the policy, word for word', () => {
  expect(contentSecurityPolicy).toMatchInlineSnapshot(
    `"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types understudy-worker"`,
  )
})

test('every header, word for word', () => {
  const { 'Content-Security-Policy': _, ...others } = securityHeaders
  expect(others).toMatchInlineSnapshot(`
    {
      "Cache-Control": "no-store",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
    }
  `)
})

test('nothing loose, nothing remote', () => {
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|wss?:|blob:/)
})
