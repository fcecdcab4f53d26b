// What a person may do to people and things; each act says what was done and can be taken back from there.
import { useTranslation } from 'react-i18next'
import type { Inputs } from '../../../shared/contract/index.ts'
import type { EntityId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'

interface Named {
  id: EntityId
  name: string
}

/** Acts that change nothing on failure throw, so that a dialog can say why in its place; the others say it in a notice. */
export function useEntityActs() {
  const { t } = useTranslation()
  const client = useClient()
  const done = useSayDone()
  const sayFailure = useSayFailure()
  return {
    async merge(from: Named, into: Named) {
      const { batchId } = await client.entities.merge({ from: from.id, into: into.id })
      done(t('people.mergeDone', { from: revealHidden(from.name), into: revealHidden(into.name) }), batchId)
    },
    async split(request: Inputs['entities']['split']): Promise<EntityId> {
      const { batchId, entity } = await client.entities.split(request)
      done(t('people.splitDone', { name: revealHidden(entity.name) }), batchId)
      return entity.id
    },
    async rename(request: Inputs['entities']['rename']) {
      const { batchId, entity } = await client.entities.rename(request)
      done(t('people.renameDone', { name: revealHidden(entity.name) }), batchId)
    },
    async addName(id: EntityId, name: string) {
      const { batchId } = await client.entities.addName({ id, name })
      done(t('people.nameAdded', { name: revealHidden(name) }), batchId)
    },
    async removeName(id: EntityId, name: string) {
      const { batchId } = await client.entities.removeName({ id, name })
      done(t('people.nameRemoved', { name: revealHidden(name) }), batchId)
    },
    part: (one: Named) =>
      client.entities
        .part({ id: one.id })
        .then(({ batchId }) => done(t('people.partDone', { name: revealHidden(one.name) }), batchId), sayFailure),
    archive: (one: Named, archived: boolean) =>
      client.entities.archive({ id: one.id, archived }).then(({ batchId }) => {
        const name = revealHidden(one.name)
        done(archived ? t('people.archiveDone', { name }) : t('people.bringBackDone', { name }), batchId)
      }, sayFailure),
  }
}
