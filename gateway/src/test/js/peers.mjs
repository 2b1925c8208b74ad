/**
 * Real Yjs clients under remote control: reads one JSON command a line from standard input, answers each with one JSON
 * line `{id, ok}` or `{id, error}`. A peer notes as *confirmed* only what the server sent back, by the ids of its content:
 * that is the rule by which @y/websocket 4 calls an edit saved.
 */
import { createInterface } from 'node:readline'
import WebSocket from 'ws'

const generations = {
  1: { provider: 'y-websocket-1', yjs: 'yjs' },
  2: { provider: 'y-websocket-2', yjs: 'yjs' },
  3: { provider: 'y-websocket', yjs: 'yjs' },
  4: { provider: '@y/websocket', yjs: '@y/y' }
}

const peers = new Map()

class Peer {
  constructor (Y, WebsocketProvider, { url, entity, clientId, options }) {
    this.Y = Y
    this.doc = new Y.Doc()
    if (clientId !== undefined) this.doc.clientID = clientId
    this.edits = [] // {tag, from, to}: clocks of this client
    this.confirmed = new Set()
    this.received = [] // arrival of others' edits: {tag, at}
    this.closes = []
    this.messages = 0
    if (WebsocketProvider === null) return
    const peer = this
    // The provider's own socket, with an ear on what arrives before the provider sees it.
    class ListeningSocket extends WebSocket {
      constructor (address, protocols) {
        super(address, protocols)
        this.on('message', data => peer.heard(new Uint8Array(data)))
        this.on('close', (code, reason) => peer.closes.push({ code, reason: reason.toString() }))
        this.on('error', () => {})
      }
    }
    this.provider = new WebsocketProvider(url, entity, this.doc, {
      WebSocketPolyfill: ListeningSocket, disableBc: true, maxBackoffTime: 400, ...options
    })
  }

  heard (frame) {
    this.messages++
    if (frame[0] !== 0 || (frame[1] !== 1 && frame[1] !== 2)) return
    const [length, start] = readVarUint(frame, 2)
    const { structs } = this.Y.decodeUpdate(frame.subarray(start, start + length))
    for (const struct of structs) {
      if (struct.id.client !== this.doc.clientID) continue
      const from = struct.id.clock
      const to = from + struct.length
      for (const edit of this.edits) {
        for (let clock = Math.max(from, edit.from); clock < Math.min(to, edit.to); clock++) edit.waiting.delete(clock)
        if (edit.waiting.size === 0) this.confirmed.add(edit.tag)
      }
    }
  }

  edit (tag) {
    const from = clockOf(this.Y, this.doc)
    // The ledger and the text are one transaction, so one update: `tag` stands in both or in neither.
    this.doc.transact(() => {
      this.doc.getMap('ledger').set(tag, true)
      const text = this.doc.getText('text')
      text.insert(text.length, `[${tag}]`)
    })
    const to = clockOf(this.Y, this.doc)
    const waiting = new Set(Array.from({ length: to - from }, (_, at) => from + at))
    this.edits.push({ tag, from, to, waiting })
  }

  watch () {
    this.doc.getMap('ledger').observe(event => {
      if (event.transaction.local) return
      for (const tag of event.keysChanged) this.received.push({ tag, at: Date.now() })
    })
  }
}

/** A provider of Hocuspocus: what it made is confirmed when it counts nothing as unsynced any more. */
class CollabPeer extends Peer {
  constructor (Y, socket, provider) {
    super(Y, null, {})
    this.doc = provider.document
    this.socket = socket
    this.provider = provider
    provider.on('unsyncedChanges', () => {
      if (!provider.hasUnsyncedChanges) for (const edit of this.edits) this.confirmed.add(edit.tag)
    })
  }
}

function readVarUint (bytes, at) {
  let value = 0
  let factor = 1
  for (;;) {
    const byte = bytes[at++]
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return [value, at]
    factor *= 128
  }
}

function clockOf (Y, doc) {
  return Y.decodeStateVector(Y.encodeStateVector(doc)).get(doc.clientID) ?? 0
}

const commands = {
  async open ({ peer, generation = 3, ...rest }) {
    const names = generations[generation]
    const Y = await import(names.yjs)
    const { WebsocketProvider } = await import(names.provider)
    const made = new Peer(Y, WebsocketProvider, rest)
    made.watch()
    peers.set(peer, made)
    return { clientId: made.doc.clientID }
  },
  async openCollab ({ peer, version, url, entity }) {
    const Y = await import('yjs')
    const { openProvider, openSocket } = await import('./hocuspocus.mjs')
    const socket = await openSocket(version, url)
    const made = new CollabPeer(Y, socket, await openProvider(version, socket, { name: entity, token: 'token' }))
    made.watch()
    peers.set(peer, made)
    return { clientId: made.doc.clientID }
  },
  edit ({ peer, tag }) {
    const at = Date.now()
    peers.get(peer).edit(tag)
    return { at }
  },
  /** Draws on the board conventions: nodes {id: {…}} and edges {id: {…}}; null removes. */
  draw ({ peer, nodes = {}, edges = {}, meta = {} }) {
    const { doc, Y } = peers.get(peer)
    doc.transact(() => {
      for (const [root, entries] of [['nodes', nodes], ['edges', edges]]) {
        const map = doc.getMap(root)
        for (const [id, fields] of Object.entries(entries)) {
          if (fields === null) { map.delete(id); continue }
          const entry = new Y.Map()
          map.set(id, entry)
          for (const [key, value] of Object.entries(fields)) {
            entry.set(key, key === 'text' ? new Y.Text(value) : value)
          }
        }
      }
      for (const [key, value] of Object.entries(meta)) doc.getMap('meta').set(key, value)
    })
    return {}
  },
  /** Types into a root of each kind. */
  fill ({ peer }) {
    const { doc, Y } = peers.get(peer)
    doc.transact(() => {
      doc.getText('title').insert(0, 'héllo wörld 🚗')
      doc.getText('title').format(0, 5, { bold: true })
      doc.getText('title').delete(1, 2)
      doc.getMap('settings').set('depth', new Y.Map([['list', Y.Array.from([1, 2.5, null, true, 'x', { a: [1] }])]]))
      doc.getMap('settings').set('gone', 1)
      doc.getMap('settings').delete('gone')
      doc.getArray('items').push([1, 'two', { three: 3 }, [4], null, false])
      doc.getArray('items').delete(1, 1)
    })
    return {}
  },
  /** Runs a piece of JavaScript on the document, in one transaction. */
  async run ({ peer, script }) {
    const { doc, Y } = peers.get(peer)
    const work = new Function('doc', 'Y', script)
    return { value: doc.transact(() => work(doc, Y)) ?? null }
  },
  /** Somebody else's typing, of which the middle is missing; answers what is missing. */
  tear ({ peer, text }) {
    const { doc, Y } = peers.get(peer)
    const other = new Y.Doc()
    const parts = []
    other.on('update', update => parts.push(update))
    for (const [at, word] of text.split(' ').entries()) other.getText('torn').insert(other.getText('torn').length, (at ? ' ' : '') + word)
    const missing = parts.splice(1, 1)[0]
    doc.getText('torn')
    for (const part of parts) Y.applyUpdate(doc, part)
    return { missing: Buffer.from(missing).toString('base64'), pending: doc.store.pendingStructs !== null }
  },
  mend ({ peer, missing }) {
    const { doc, Y } = peers.get(peer)
    doc.getText('torn')
    Y.applyUpdate(doc, Buffer.from(missing, 'base64'))
    return {}
  },
  json: ({ peer }) => peers.get(peer).doc.toJSON(),
  state ({ peer }) {
    const made = peers.get(peer)
    return {
      text: made.doc.getText('text').toString(),
      tags: [...made.doc.getMap('ledger').keys()],
      sent: made.edits.map(edit => edit.tag),
      confirmed: [...made.confirmed],
      received: made.received,
      connected: made.provider.wsconnected ?? made.socket.status === 'connected',
      synced: made.provider.synced,
      unsynced: made.provider.unsyncedChanges,
      closes: made.socket?.heard.closes ?? made.closes,
      messages: made.socket?.heard.messages ?? made.messages,
      presence: Object.fromEntries([...made.provider.awareness.getStates()])
    }
  },
  presence ({ peer, state }) {
    peers.get(peer).provider.awareness.setLocalState(state)
    return {}
  },
  disconnect ({ peer }) {
    peers.get(peer).provider.disconnect()
    return {}
  },
  connect ({ peer }) {
    peers.get(peer).provider.connect()
    return {}
  },
  close ({ peer }) {
    peers.get(peer).provider.destroy()
    peers.delete(peer)
    return {}
  },
  /** The update as npm yjs reads it: {json, stateVector as pairs}. */
  async read ({ update, roots }) {
    const Y = await import('yjs')
    const doc = new Y.Doc()
    for (const [name, kind] of Object.entries(roots)) doc[`get${kind}`](name)
    Y.applyUpdate(doc, Buffer.from(update, 'base64'))
    return { json: doc.toJSON(), pending: doc.store.pendingStructs !== null }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: name, ...rest } = JSON.parse(line)
  try {
    answer({ id, ok: await commands[name](rest) })
  } catch (error) {
    answer({ id, error: String(error.stack ?? error) })
  }
}
process.exit(0)

function answer (value) {
  process.stdout.write(JSON.stringify(value) + '\n')
}
