// Keeps the choice of a chat model in the settings of a profile, from outside the running app.
import { AppError } from '../../../shared/errors.ts'
import { systemClock } from '../../app/clock.ts'
import { createLog } from '../../app/log.ts'
import { OWNER } from '../../app/owner.ts'
import { startProfile } from '../../app/profile.ts'
import { openSettings } from '../../app/settings.ts'
import { openDatabase } from '../../database/open.ts'

/**
 * @param profile folder of the profile; null is the default one
 * @throws AppError when the profile is open elsewhere (the app runs), or cannot be written
 */
export async function rememberChoice(profile: string | null, choice: { id: string; path: string }): Promise<void> {
  const paths = startProfile(profile ?? undefined)
  const db = await openDatabase({ folder: paths.database, log: createLog(null), clock: systemClock }).catch(
    (error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'BUSY') throw error
      throw new AppError('BUSY', `${error.message} While it runs, choose the model in its window.`, { cause: error })
    },
  )
  try {
    const settings = await openSettings(db, OWNER)
    await settings.update({ chatModel: choice.id, chatModelPath: choice.path })
  } finally {
    await db.close()
  }
}
