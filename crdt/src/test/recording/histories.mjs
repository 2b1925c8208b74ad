// Random editing by several peers, update by update, with what must be known at the end.
import * as Y from 'yjs'
import * as encoding from 'lib0/encoding'
import * as prng from 'lib0/prng'

const PEERS = 4

function randomValue(gen) {
  return prng.oneOf(gen, [
    () => prng.int32(gen, -1000, 1000), () => prng.word(gen), () => null, () => true,
    () => [1, { a: prng.word(gen) }], () => ({ x: prng.int32(gen, 0, 9), y: 0.5 }), () => new Uint8Array([1, 2]),
    () => new Y.Map([['k', 1]]), () => new Y.Text('inner'), () => Y.Array.from([1, 2]),
  ])()
}

const actions = [
  (d, gen) => d.getText('t').insert(prng.int32(gen, 0, d.getText('t').length), prng.word(gen) + prng.oneOf(gen, ['', 'ü', '😀'])),
  (d, gen) => {
    const text = d.getText('t')
    if (text.length > 1) {
      const at = prng.int32(gen, 0, text.length - 2)
      text.delete(at, prng.int32(gen, 1, Math.min(9, text.length - at)))
    }
  },
  (d, gen) => {
    const text = d.getText('t')
    if (text.length > 3) text.format(prng.int32(gen, 0, text.length - 3), 2, { bold: prng.bool(gen) || null })
  },
  (d, gen) => d.getMap('m').set(prng.oneOf(gen, ['a', 'b', 'c']), randomValue(gen)),
  (d, gen) => d.getMap('m').delete(prng.oneOf(gen, ['a', 'b', 'c'])),
  (d, gen) => d.getArray('a').insert(prng.int32(gen, 0, d.getArray('a').length), [randomValue(gen)]),
  (d, gen) => { if (d.getArray('a').length > 0) d.getArray('a').delete(prng.int32(gen, 0, d.getArray('a').length - 1), 1) },
  (d, gen) => {
    const inner = d.getMap('m').get(prng.oneOf(gen, ['a', 'b', 'c']))
    if (inner instanceof Y.Map) inner.set(prng.word(gen), randomValue(gen))
    if (inner instanceof Y.Text) inner.insert(0, prng.word(gen))
    if (inner instanceof Y.Array) inner.push([randomValue(gen)])
  },
  (d, gen) => {
    const x = d.getXmlFragment('x')
    const p = new Y.XmlElement('p')
    x.insert(prng.int32(gen, 0, x.length), [p])
    p.setAttribute('id', prng.word(gen))
    p.insert(0, [new Y.XmlText(prng.word(gen))])
  },
  (d, gen) => { if (d.getXmlFragment('x').length > 0) d.getXmlFragment('x').delete(0, 1) },
]

/** One history as count, updates, then the state vector and the delete set of the document that has them all. */
function history(seed, steps) {
  const gen = prng.create(seed)
  const updates = []
  const peers = []
  for (let i = 0; i < PEERS; i++) {
    const doc = new Y.Doc()
    doc.clientID = prng.uint32(gen, 1, 0xffffffff)
    const undo = new Y.UndoManager([doc.getText('t'), doc.getMap('m')], { captureTimeout: 0 })
    doc.on('update', (update, origin) => { if (origin !== 'sync') updates.push(update) })
    peers.push({ doc, undo })
  }
  for (let step = 0; step < steps; step++) {
    const { doc, undo } = prng.oneOf(gen, peers)
    const kind = prng.int32(gen, 0, 19)
    if (kind < 2) {
      kind === 0 ? undo.undo() : undo.redo()
    } else if (kind < 6) {
      const other = prng.oneOf(gen, peers).doc
      const diff = Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc))
      updates.push(diff)
      Y.applyUpdate(doc, diff, 'sync')
    } else {
      doc.transact(() => { for (let i = prng.int32(gen, 1, 3); i > 0; i--) prng.oneOf(gen, actions)(doc, gen) })
    }
  }
  const all = new Y.Doc()
  for (const { doc } of peers) {
    const state = Y.encodeStateAsUpdate(doc)
    updates.push(state)
    Y.applyUpdate(all, state)
  }
  updates.push(Y.encodeStateAsUpdate(all))
  return { updates, stateVector: Y.encodeStateVector(all), deleteSet: deleteSetOf(all) }
}

function deleteSetOf(doc) {
  const { ds } = Y.snapshot(doc)
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, ds.clients.size)
  for (const [client, ranges] of ds.clients) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, ranges.length)
    for (const { clock, len } of ranges) {
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarUint(encoder, len)
    }
  }
  return encoding.toUint8Array(encoder)
}

export function histories(count, steps) {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, count)
  for (let seed = 1; seed <= count; seed++) {
    const { updates, stateVector, deleteSet } = history(seed, steps)
    encoding.writeVarUint(encoder, updates.length)
    updates.forEach((update) => encoding.writeVarUint8Array(encoder, update))
    encoding.writeVarUint8Array(encoder, stateVector)
    encoding.writeVarUint8Array(encoder, deleteSet)
  }
  return encoding.toUint8Array(encoder)
}
