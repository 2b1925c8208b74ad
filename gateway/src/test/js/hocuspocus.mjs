/** Opens providers of Hocuspocus, each generation in the way that its own documentation asks for. */
import WebSocket from 'ws'
import * as Y from 'yjs'

const packages = { 2: 'hocuspocus-provider-2', 3: 'hocuspocus-provider-3', 4: '@hocuspocus/provider' }

/** A socket that documents can share. Reconnects fast, so that tests need not wait. */
export async function openSocket (version, url, options = {}) {
  const { HocuspocusProviderWebsocket } = await import(packages[version])
  const heard = { messages: 0, closes: [] }
  class ListeningSocket extends WebSocket {
    constructor (...args) {
      super(...args)
      this.on('message', () => { heard.messages++ })
      this.on('close', (code, reason) => heard.closes.push({ code, reason: reason.toString() }))
      this.on('error', () => {})
    }
  }
  const socket = new HocuspocusProviderWebsocket({
    url, WebSocketPolyfill: ListeningSocket, delay: 200, minDelay: 100, maxDelay: 400, ...options
  })
  socket.heard = heard
  return socket
}

/** A provider on a socket, with everything that happens to it noted. */
export async function openProvider (version, socket, options) {
  const { HocuspocusProvider } = await import(packages[version])
  const seen = {
    authenticated: 0, denied: [], synced: 0, stateless: [], closes: [], unsynced: [], awareness: 0, opened: 0,
    connected: 0, disconnected: 0, destroyed: 0, statuses: [], messages: 0, awarenessUpdates: 0
  }
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    document: new Y.Doc(),
    onOpen: () => seen.opened++,
    onConnect: () => seen.connected++,
    onDisconnect: () => seen.disconnected++,
    onStatus: ({ status }) => seen.statuses.push(status),
    onDestroy: () => seen.destroyed++,
    onAuthenticated: () => seen.authenticated++,
    onAuthenticationFailed: ({ reason }) => seen.denied.push(reason),
    onSynced: ({ state } = { state: true }) => { if (state) seen.synced++ },
    onStateless: ({ payload }) => seen.stateless.push(payload),
    onMessage: () => seen.messages++,
    onAwarenessUpdate: () => seen.awarenessUpdates++,
    onAwarenessChange: () => seen.awareness++,
    onClose: ({ event }) => seen.closes.push({ code: event.code, reason: event.reason }),
    ...options
  })
  provider.on('unsyncedChanges', () => seen.unsynced.push(provider.unsyncedChanges))
  provider.seen = seen
  provider.attach?.()
  return provider
}
