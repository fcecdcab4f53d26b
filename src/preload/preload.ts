// The one bridge between the page and the desktop shell: it asks main for a port and hands it to the page.
// All talk then goes over that port, under the contract; the page gets nothing of Electron.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { type Bridge, PORT_MESSAGE } from '../shared/transport.ts'

const bridge: Bridge = Object.freeze({
  connect() {
    const { port1, port2 } = new MessageChannel()
    ipcRenderer.postMessage(PORT_MESSAGE, null, [port1])
    window.postMessage(PORT_MESSAGE, window.location.origin, [port2])
  },
  // Of a file the person dropped on the page; the core checks the path like any other.
  pathOf: (file: File) => webUtils.getPathForFile(file),
})

contextBridge.exposeInMainWorld('understudy', bridge)
