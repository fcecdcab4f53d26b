// The desktop shell: one window over the core. Thin on purpose: what it decides is in rules.ts, and tested there.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, shell, utilityProcess } from 'electron'
import { AppError } from '../../shared/errors.ts'
import { PORT_MESSAGE } from '../../shared/transport.ts'
import { systemClock } from '../app/clock.ts'
import { createLog, type Log } from '../app/log.ts'
import { installNetworkGuard } from '../app/network-guard.ts'
import { type ProfilePaths, startProfile } from '../app/profile.ts'
import { CLOSE_LIMIT_MS, type RunningCore, within } from '../shell/core.ts'
import { readPageFiles } from '../shell/page-files.ts'
import { type CoreStart, createProfileRunner, type ProfileRunner } from '../shell/profile-runner.ts'
import { withSocket } from '../terminal/socket.ts'
import { guardContents, guardSession } from './guards.ts'
import { menuTemplate } from './menu.ts'
import { openExternal } from './open-external.ts'
import { servePort } from './port.ts'
import {
  answerAppRequest,
  argumentsWithProfile,
  commandLineSwitches,
  isOwnPage,
  onQuit,
  type QuitState,
  SCHEME,
  START_ADDRESS,
  switchesToRemove,
  webPreferences,
} from './rules.ts'
import { createUtilityLauncher } from './utility-launcher.ts'
import { LEAST, placeWindow, readWindowState, writeWindowState } from './window-state.ts'

// Before `ready`, in this order: Chromium reads these once.
app.enableSandbox()
for (const name of switchesToRemove(app.isPackaged, (name) => app.commandLine.hasSwitch(name))) {
  app.commandLine.removeSwitch(name)
}
for (const [name, value] of commandLineSwitches) app.commandLine.appendSwitch(name, value)
protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

// Chromium adds words of its own to the command line, so unknown ones pass.
const { values } = parseArgs({ options: { profile: { type: 'string' } }, strict: false, allowPositionals: true })
const profile = startProfile(typeof values['profile'] === 'string' ? values['profile'] : undefined)
// Chromium's own files lie in the profile, and the lock on them makes one app per profile.
app.setPath('userData', join(profile.folder, 'desktop'))

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow)
  app.on('web-contents-created', (_event, contents) => guardContents(contents))
  app.on('session-created', (created) => guardSession(created, app.isPackaged))
  app.on('window-all-closed', () => app.quit())
  void app.whenReady().then(() => run(profile, openLog(profile)))
} else {
  app.quit()
}

async function run(profile: ProfilePaths, log: Log): Promise<void> {
  const network = installNetworkGuard((what) => log.warn({ what }, 'network refused'))
  guardSession(session.defaultSession, app.isPackaged)
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged)))

  const files = await readPageFiles(join(import.meta.dirname, '../renderer'))
  protocol.handle(SCHEME, (request) => {
    const { status, headers, body } = answerAppRequest(files, request.method, request.url)
    return new Response(typeof body === 'string' ? body : new Uint8Array(body), { status, headers })
  })

  // The same profile may be started again (a restore); another one is another start of the app.
  const runner = createProfileRunner({
    profile,
    start: (start) => startDesktopCore(start, log, network),
    handOver: () => {
      for (const window of BrowserWindow.getAllWindows()) window.webContents.reload()
    },
  })
  ipcMain.on(PORT_MESSAGE, (event) => {
    const [port] = event.ports
    if (port === undefined) return
    if (isOwnPage(event.senderFrame)) servePort(port, runner.core, log)
    else port.close()
  })
  stopInOrder(runner, log)
  openWindow(profile)
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(profile)
  })
  runner.core.catch((error: unknown) => {
    log.error({ err: (error as Error)?.name, stack: (error as Error)?.stack }, 'start failed')
    const known = error instanceof AppError
    dialog.showErrorBox('Understudy could not start', known ? error.message : String((error as Error)?.message))
    app.exit(1)
  })
}

async function startDesktopCore(
  { profile, failure, restart }: CoreStart,
  log: Log,
  network: ReturnType<typeof installNetworkGuard>,
): Promise<RunningCore> {
  const [{ startOrRepair }, { createProfiles }, { modelFolders }, { resourcesFolder }] = await Promise.all([
    import('../app/start-or-repair.ts'),
    import('../app/profiles.ts'),
    import('../engine/models/paths.ts'),
    import('../app/resources.ts'),
  ])
  const running = await startOrRepair({
    profile,
    modelsFolder: modelFolders().folder,
    resourcesFolder: resourcesFolder(),
    launcher: createUtilityLauncher(utilityProcess),
    shell: 'desktop',
    log,
    network,
    restart,
    chooseFile: async () => {
      const answer = await dialog.showOpenDialog({
        properties: ['openFile'],
        filters: [{ name: 'Models', extensions: ['gguf'] }],
      })
      return answer.canceled ? null : (answer.filePaths[0] ?? null)
    },
    profiles: createProfiles({
      current: profile,
      failure,
      clock: systemClock,
      switchTo: (other) => {
        // Chromium's own files lie in the profile, so another profile is another start.
        app.relaunch({ args: argumentsWithProfile(process.argv.slice(1), other.folder) })
        app.quit()
      },
    }),
    openExternal: (address) =>
      openExternal(address, {
        confirm: async ({ message, detail }) => {
          const buttons = ['Cancel', 'Open']
          const answer = await dialog.showMessageBox({ message, detail, buttons, defaultId: 0, cancelId: 0 })
          return answer.response === 1
        },
        open: (checked) => shell.openExternal(checked),
      }),
  })
  return withSocket(profile, running, log)
}

/** The only place that makes a window. */
function openWindow(profile: ProfilePaths): void {
  const file = join(profile.folder, 'window.json')
  const saved = readWindowState(file)
  const bounds = placeWindow(
    saved,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  )
  const window = new BrowserWindow({
    ...bounds,
    minWidth: LEAST.width,
    minHeight: LEAST.height,
    show: false,
    title: 'Understudy',
    autoHideMenuBar: true,
    webPreferences: webPreferences(join(import.meta.dirname, '../preload/preload.cjs'), app.isPackaged),
  })
  if (saved?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    writeWindowState(file, { ...window.getNormalBounds(), maximized: window.isMaximized() })
  })
  void window.loadURL(START_ADDRESS)
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) return
  if (window.isMinimized()) window.restore()
  window.focus()
}

function stopInOrder(runner: ProfileRunner, log: Log): void {
  let state: QuitState = 'open'
  const stop = () => {
    state = 'stopping'
    for (const window of BrowserWindow.getAllWindows()) window.close()
    const closing = runner.core.then((running) => running.close()).catch(() => {})
    void within(CLOSE_LIMIT_MS, closing).then((inTime) => {
      if (!inTime) log.warn({}, 'did not close in time')
      app.exit(0)
    })
  }
  app.on('before-quit', (event) => {
    event.preventDefault()
    const next = onQuit(state, runner.answering())
    if (next === 'stop') stop()
    if (next !== 'ask') return
    state = 'asking'
    const buttons = ['Go on', 'Quit']
    const message = 'An answer is being written. Quitting ends it; what was written is kept.'
    void dialog.showMessageBox({ message, buttons, defaultId: 0, cancelId: 0 }).then(({ response }) => {
      state = 'open'
      if (response === 1) stop()
    })
  })
}

/** A profile folder that cannot be written still opens (read only), without a log. */
function openLog(profile: ProfilePaths): Log {
  try {
    return createLog(profile.log)
  } catch {
    return createLog(null)
  }
}
