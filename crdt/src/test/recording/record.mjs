// Writes the golden bytes under ../resources/dev/boardwalk/crdt/sync; each file is named for the package and version
// that produced it. Run by hand when a version is added; the results are committed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import * as awareness from 'y-protocols/awareness'
import * as auth from 'y-protocols/auth'
import * as sync from 'y-protocols/sync'
import { frames } from './frames.mjs'
import { histories } from './histories.mjs'
import { hocuspocusFrames } from './hocuspocus.mjs'
import { stateVectors, updates } from './updates.mjs'

const folder = new URL('../resources/dev/boardwalk/crdt/sync/', import.meta.url)
mkdirSync(folder, { recursive: true })

const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url))).version
const write = (name, lines) => writeFileSync(new URL(name, folder), lines.join('\n') + '\n')

function protocolLines() {
  const line = (name, write) => {
    const encoder = encoding.createEncoder()
    write(encoder)
    return `${name} ${Buffer.from(encoding.toUint8Array(encoder)).toString('hex')}`
  }
  const doc = new Y.Doc()
  doc.clientID = 7
  doc.getText('t').insert(0, 'hello')
  const states = new awareness.Awareness(doc)
  states.setLocalState({ user: { name: 'Ünal', color: '#fff' } })
  const shown = awareness.encodeAwarenessUpdate(states, [7])
  awareness.removeAwarenessStates(states, [7], null)
  const gone = awareness.encodeAwarenessUpdate(states, [7])
  states.destroy()
  return [
    line('step1', (e) => sync.writeSyncStep1(e, doc)),
    line('step2', (e) => sync.writeSyncStep2(e, doc)),
    line('update', (e) => sync.writeUpdate(e, Y.encodeStateAsUpdate(doc))),
    line('denied', (e) => auth.writePermissionDenied(e, 'no entry')),
    `awareness ${Buffer.from(shown).toString('hex')}`,
    `awareness_removed ${Buffer.from(gone).toString('hex')}`,
  ]
}

const yjs = versionOf('yjs')
write(`updates-yjs-${yjs}.txt`, updates())
write(`state-vectors-yjs-${yjs}.txt`, stateVectors())
write(`messages-y-protocols-${versionOf('y-protocols')}.txt`, protocolLines())
writeFileSync(new URL(`histories-yjs-${yjs}.bin.gz`, folder), gzipSync(histories(40, 120), { level: 9 }))
for (const provider of ['y-websocket-1', 'y-websocket-2', 'y-websocket']) {
  write(`frames-y-websocket-${versionOf(provider)}.txt`, await frames(provider, 'yjs'))
}
write(`frames-y-websocket-${versionOf('@y/websocket')}.txt`, await frames('@y/websocket', '@y/y'))
for (const provider of ['hocuspocus-provider-2', 'hocuspocus-provider-3', '@hocuspocus/provider']) {
  const version = versionOf(provider)
  write(`frames-hocuspocus-${version}.txt`, await hocuspocusFrames(provider, { sessions: version.startsWith('4') }))
}
process.exit(0)
