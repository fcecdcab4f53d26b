// The system part of the contract: room taken, what may leave this computer, the log.
import { arch, cpus, platform, release, totalmem } from 'node:os'
import type { AppState } from '../../shared/contract/app.ts'
import { readCatalogue } from '../engine/models/catalogue.ts'
import { procedures } from '../procedures.ts'
import { readLog, reportText } from './log-report.ts'
import type { NetworkGuard } from './network-guard.ts'
import type { ProfilePaths } from './profile.ts'
import { measureStorage } from './storage.ts'

interface SystemPorts {
  profile: ProfilePaths
  modelsFolder: string
  resourcesFolder: string
  /** Absent where no guard stands before the network. */
  network: Pick<NetworkGuard, 'openHosts' | 'refused'> | undefined
  state(owner: string): Promise<AppState>
}

export function createSystemProcedures({ profile, modelsFolder, resourcesFolder, network, state }: SystemPorts) {
  return {
    storage: procedures.system.storage.handler(() => measureStorage(profile, modelsFolder)),
    network: procedures.system.network.handler(() => ({
      guarded: network !== undefined,
      openHosts: [...(network?.openHosts ?? [])],
      refused: network?.refused ?? 0,
      downloadHosts: downloadHosts(resourcesFolder),
    })),
    log: procedures.system.log.handler(async ({ context }) => {
      const [app, lines] = await Promise.all([state(context.owner), readLog(profile.log)])
      return { report: reportText(aboutOf(app), lines), file: profile.log }
    }),
  }
}

/** Names and sizes of the machine and states of the app's parts; nothing a person wrote, named or chose a path for. */
function aboutOf(app: AppState): (readonly [string, string])[] {
  const { settings, learning, engine, database } = app
  return [
    ['Understudy', `${app.version} (${app.shell})`],
    ['System', `${platform()} ${release()} ${arch()}, node ${process.versions.node}`],
    ['Machine', `${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB`],
    ['Database', database.state],
    ['Engine', engine.state],
    ['Learning', `${settings.learning ? 'on' : 'off'}, ${learning.queued} queued, ${learning.failed} failed`],
  ]
}

function downloadHosts(resourcesFolder: string): string[] {
  const hosts = readCatalogue(resourcesFolder).flatMap(({ url }) => (url ? [new URL(url).host] : []))
  return [...new Set(hosts)].sort()
}
