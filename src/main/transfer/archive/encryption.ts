// Encryption of archives with a passphrase: the age format, so that any age tool opens them as well.
import { Decrypter, Encrypter } from 'age-encryption'
import { AppError } from '../../../shared/errors.ts'

/** How an age file begins. */
const HEADER = 'age-encryption.org/v1'

/** Whether the first bytes of a file are those of an age file. */
export function isEncrypted(start: Uint8Array): boolean {
  return Buffer.from(start.subarray(0, HEADER.length)).toString('latin1') === HEADER
}

/** Encrypts a stream of bytes. */
export async function encrypt(
  bytes: ReadableStream<Uint8Array>,
  passphrase: string,
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  return await encrypter.encrypt(bytes)
}

/**
 * Decrypts a stream of bytes. A stream that was changed or cut fails while it is read.
 * @throws AppError INVALID_INPUT, field `passphrase`, when it is missing or wrong
 */
export async function decrypt(
  bytes: ReadableStream<Uint8Array>,
  passphrase: string | null,
): Promise<ReadableStream<Uint8Array>> {
  if (passphrase === null) {
    throw refused('This file is encrypted. Nothing was read. Enter its passphrase.')
  }
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return await decrypter.decrypt(bytes)
  } catch (error) {
    if (/no identity matched/i.test((error as Error).message)) {
      throw refused(
        'The passphrase is wrong. Nothing was read. Try again; without the right one nobody can open the file.',
      )
    }
    throw new AppError('INVALID_INPUT', 'The file is damaged: it cannot be decrypted. Nothing was read.', {
      field: 'file',
      cause: error,
    })
  }
}

function refused(message: string): AppError {
  return new AppError('INVALID_INPUT', message, { field: 'passphrase' })
}
