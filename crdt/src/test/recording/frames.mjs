// What y-websocket providers and @y/websocket-server really say to each other, as "direction hex" lines.
import { createServer } from 'node:http'
import WebSocket, { WebSocketServer } from 'ws'
import { setupWSConnection } from '@y/websocket-server/utils'

const hex = (bytes) => Buffer.from(bytes).toString('hex')
const settled = () => new Promise((resolve) => setTimeout(resolve, 150))

/**
 * One provider joins a room, edits, shows a cursor, asks for awareness and leaves; answers the frames in order.
 * Providers up to 3 work on documents of yjs 13, from 4 on of @y/y 14, which has one type for texts and all else.
 */
export async function frames(provider, library) {
  const { WebsocketProvider } = await import(provider)
  const Y = await import(library)
  const http = createServer()
  const server = new WebSocketServer({ server: http })
  server.on('connection', setupWSConnection)
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve))
  const lines = []

  class RecordingSocket extends WebSocket {
    constructor(...args) {
      super(...args)
      this.on('message', (data) => lines.push(`server ${hex(data)}`))
    }
    send(data, ...rest) {
      lines.push(`client ${hex(data)}`)
      super.send(data, ...rest)
    }
  }

  // The server keeps its rooms for the life of the process, so each provider has its own.
  const doc = new Y.Doc()
  doc.clientID = 7
  const connection = new WebsocketProvider(`ws://127.0.0.1:${http.address().port}`, 'room of ' + provider, doc, {
    WebSocketPolyfill: RecordingSocket, disableBc: true,
  })
  await new Promise((resolve) => connection.once('sync', resolve))
  await settled()
  ;(doc.getText ? doc.getText('t') : doc.get('t')).insert(0, 'hi')
  await settled()
  connection.awareness.setLocalStateField('cursor', { x: 1, name: 'ä' })
  await settled()
  connection.ws.send(new Uint8Array([3]))
  await settled()
  connection.destroy()
  await settled()
  server.close()
  http.closeAllConnections()
  await new Promise((resolve) => http.close(resolve))
  return lines
}
