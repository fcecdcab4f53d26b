// The backups part of the contract, of an open profile and of one that has to be repaired first.
import { AppError } from '../../shared/errors.ts'
import { procedures } from '../procedures.ts'
import type { Backups } from './service.ts'

const calls = procedures.backups

/** @param reopen closes the open profile and opens it again, where that is possible */
export function createBackupProcedures(backups: Backups, reopen: (() => void) | undefined) {
  const notDamaged = () => new AppError('NOT_ALLOWED', 'This profile is open and needs no repair. Nothing was changed.')
  return {
    view: calls.view.handler(() => backups.view()),
    make: calls.make.handler(() => backups.make()),
    check: calls.check.handler(({ input }) => backups.check(input.name)),
    preview: calls.preview.handler(({ input }) => backups.preview(input.name)),
    restore: calls.restore.handler(async ({ input }) => {
      await backups.restore(input.name)
      return {}
    }),
    restoreAsNew: calls.restoreAsNew.handler(({ input }) => backups.restoreAsNew(input.name, input.profile)),
    remove: calls.remove.handler(async ({ input }) => {
      await backups.remove(input.name)
      return {}
    }),
    removeAside: calls.removeAside.handler(async ({ input }) => {
      await backups.removeAside(input.name)
      return {}
    }),
    choosePlace: calls.choosePlace.handler(async ({ input }) => {
      await backups.choosePlace(input.place)
      return {}
    }),
    report: calls.report.handler(() => ({ report: backups.report() })),
    reportSeen: calls.reportSeen.handler(async () => {
      await backups.reportSeen()
      return {}
    }),
    counts: calls.counts.handler(() => backups.counts()),
    verify: calls.verify.handler(() => backups.verify()),
    repairState: calls.repairState.handler(() => {
      throw notDamaged()
    }),
    repair: calls.repair.handler(() => {
      throw notDamaged()
    }),
    reopen: calls.reopen.handler(() => {
      if (!reopen) throw new AppError('NOT_ALLOWED', 'Start Understudy again to repair this profile.')
      reopen()
      return {}
    }),
  }
}
