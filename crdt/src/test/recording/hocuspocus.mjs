// What @hocuspocus/provider and @hocuspocus/server really say to each other, as "direction hex" lines.
import { Server } from '@hocuspocus/server'
import WebSocket from 'ws'
import * as Y from 'yjs'

const hex = (bytes) => Buffer.from(bytes).toString('hex')
const settled = () => new Promise((resolve) => setTimeout(resolve, 200))

function recordingSocket(lines) {
  return class extends WebSocket {
    constructor(...args) {
      super(...args)
      this.on('message', (data) => lines.push(`server ${hex(data)}`))
    }
    send(data, ...rest) {
      lines.push(`client ${hex(data)}`)
      super.send(data, ...rest)
    }
  }
}

/**
 * One provider opens a document, edits, shows a cursor, exchanges stateless messages, is asked for its token again and
 * leaves; then one that may only read, one that may not enter, and from version 4 on one with a session.
 */
export async function hocuspocusFrames(provider, { sessions }) {
  const { HocuspocusProvider, HocuspocusProviderWebsocket } = await import(provider)
  let connection
  const server = new Server({
    port: 0,
    address: '127.0.0.1',
    quiet: true,
    async onAuthenticate({ token, connectionConfig }) {
      if (token === 'wrong') throw Object.assign(new Error(), { reason: 'nope' })
      connectionConfig.readOnly = token === 'reader'
    },
    async connected(data) {
      connection = data.connection ?? data.connectionInstance
    },
    async onStateless(data) {
      connection.document.broadcastStateless('answer to ' + data.payload)
    },
  })
  await server.listen()
  const url = `ws://127.0.0.1:${server.address.port}`
  const lines = []

  async function session(token, work, options = {}) {
    const doc = new Y.Doc()
    doc.clientID = 7
    const socket = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: recordingSocket(lines), delay: 60_000 })
    const made = new HocuspocusProvider({ websocketProvider: socket, name: 'd', document: doc, token, ...options })
    made.attach?.()
    if (options.sessionId !== undefined) made.sessionId = options.sessionId
    await settled()
    await work(made, doc)
    made.destroy()
    await settled()
    socket.destroy()
    await settled()
  }

  await session('t', async (made, doc) => {
    doc.getText('t').insert(0, 'hi')
    await settled()
    made.awareness.setLocalStateField('cursor', { x: 1, name: 'ä' })
    await settled()
    made.sendStateless('hi')
    await settled()
    connection?.requestToken?.()
    await settled()
  })
  await session('reader', async (made, doc) => {
    doc.getText('t').insert(0, 'no')
    await settled()
  })
  await session('wrong', async () => {})
  if (sessions) await session('t', async () => {}, { sessionAwareness: true })
  await server.destroy()
  return lines
}
