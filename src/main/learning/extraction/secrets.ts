// What must never be stored: keys, card numbers, passwords. Found before any model sees the sentence.
import { AppError } from '../../../shared/errors.ts'

const SECRETS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16,}/,
  /\b(?:ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abprs]|hf|npm|dop_v1)[-_][A-Za-z0-9_-]{10,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bAIza[A-Za-z0-9_-]{30,}/,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i,
  // "my password is …", "PIN: 1234"; talk about passwords in general has no value after the verb.
  /\b(?:password|passphrase|passcode|passwort|kennwort|mot de passe|contraseña|pin(?: code)?|cvv|cvc|secret(?: key)?|api[ _-]?key|access[ _-]?token|recovery code)\b[^.?!\n]{0,30}?(?:\bis\b|\bwas\b|\bist\b|\best\b|\bes\b|[:=])\s*["'“]?(?=\S*[\d!@#$%^&*_-])\S{4,}/iu,
]
const CARD = /(?<![\d.])(?:\d[ -]?){12,18}\d(?!\d)/g

/** @returns whether the text holds something that looks like a secret. */
export function hasSecret(text: string): boolean {
  if (SECRETS.some((pattern) => pattern.test(text))) return true
  return (text.match(CARD) ?? []).some((match) => isCardNumber(match.replace(/\D/g, '')))
}

/** Luhn checksum, which every payment card number has. */
function isCardNumber(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits) || !/^[3-6]/.test(digits)) return false
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** @throws AppError INVALID_INPUT when words the person writes by hand hold a secret */
export function refuseSecret(text: string, field = 'text'): void {
  if (!hasSecret(text)) return
  throw new AppError(
    'INVALID_INPUT',
    'This looks like a password, a key or a card number. Such things are not kept: use a password manager.',
    { field },
  )
}
