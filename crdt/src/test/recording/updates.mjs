// One update (or state vector) for each thing that Yjs can write, as "name hex" lines.
import * as Y from 'yjs'

const hex = (bytes) => Buffer.from(bytes).toString('hex')

/** A document whose ids are the same in every recording. */
function document(clientID) {
  const doc = new Y.Doc({ guid: 'recorded' })
  doc.clientID = clientID
  return doc
}

function recorded(clientID, edit) {
  const doc = document(clientID)
  edit(doc)
  return Y.encodeStateAsUpdate(doc)
}

const edits = {
  text: (d) => d.getText('t').insert(0, 'hello'),
  text_wide: (d) => d.getText('t').insert(0, 'aä€😀z'),
  text_byte_order_mark: (d) => d.getText('t').insert(0, '\ufeffx'),
  text_nul: (d) => d.getText('t').insert(0, 'a\u0000b'),
  text_deleted: (d) => { d.getText('t').insert(0, 'hello'); d.getText('t').delete(1, 3) },
  text_formatted: (d) => {
    d.getText('t').insert(0, 'bold', { bold: true, link: { href: 'x', n: [1, 2.5, null] } })
    d.getText('t').insert(4, 'plain')
    d.getText('t').format(2, 4, { em: 'y"\\\n' })
  },
  text_embed: (d) => d.getText('t').insertEmbed(0, { image: 'a.png', size: [1, 2] }),
  text_embedded_type: (d) => d.getText('t').insertEmbed(0, new Y.Map([['k', 1]])),
  map: (d) => {
    const m = d.getMap('m')
    for (const [i, v] of [1, -1, 0, -0, 63, 64, -64, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 40, 2 ** 53 - 1, 0.5, 1e300, NaN,
      Infinity, 5n, -(2n ** 63n), true, false, null, undefined, '', 'text', [], {}, [1, [2, [3]]],
      { a: { b: { c: 'd' } } }, new Uint8Array([1, 2, 3])].entries()) m.set('k' + i, v)
  },
  map_overwritten: (d) => { for (let i = 0; i < 5; i++) d.getMap('m').set('k', i) },
  map_deleted: (d) => { d.getMap('m').set('k', 1); d.getMap('m').delete('k') },
  map_nested: (d) => {
    const inner = new Y.Map()
    d.getMap('m').set('inner', inner)
    inner.set('text', new Y.Text('shared'))
    inner.set('array', Y.Array.from([1, 'two', { three: 3 }]))
  },
  map_nested_deleted: (d) => {
    const inner = new Y.Map()
    d.getMap('m').set('inner', inner)
    inner.set('text', new Y.Text('gone'))
    d.getMap('m').delete('inner')
  },
  array: (d) => { d.getArray('a').push([1, 'x', null, { y: [true] }]); d.getArray('a').insert(1, [2, 3]) },
  array_deleted: (d) => { d.getArray('a').push([1, 2, 3, 4, 5]); d.getArray('a').delete(1, 2) },
  binary: (d) => d.getArray('a').push([new Uint8Array(300).fill(7)]),
  xml: (d) => {
    const p = new Y.XmlElement('p')
    d.getXmlFragment('x').insert(0, [p, new Y.XmlText('tail')])
    p.setAttribute('class', 'c')
    p.insert(0, [new Y.XmlText('head'), new Y.XmlElement('br')])
    p.insert(0, [new Y.XmlElement('b')])
  },
  subdocument: (d) => d.getMap('m').set('s', new Y.Doc({ guid: 'sub', autoLoad: true, meta: { a: 1 } })),
  board: (d) => {
    const nodes = d.getMap('nodes')
    const edges = d.getMap('edges')
    d.getMap('meta').set('title', 'Board')
    for (let i = 0; i < 5; i++) {
      const node = new Y.Map()
      nodes.set('n' + i, node)
      node.set('type', 'note')
      node.set('x', i * 10.5)
      node.set('y', -i)
      node.set('text', new Y.Text('node ' + i))
    }
    edges.set('e', new Y.Map([['source', 'n0'], ['target', 'n1'], ['label', 'to']]))
    nodes.delete('n4')
  },
}

function merged() {
  const a = document(1)
  const b = document(4294967295)
  a.getText('t').insert(0, 'from a')
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
  b.getText('t').insert(3, ' and b')
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b))
  a.getText('t').delete(0, 5)
  return a
}

export function updates() {
  const lines = Object.entries(edits).map(([name, edit]) => `${name} ${hex(recorded(7, edit))}`)
  const doc = merged()
  lines.push(`two_clients ${hex(Y.encodeStateAsUpdate(doc))}`)
  lines.push(`diff_inside_an_item ${hex(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(new Map([[1, 3], [4294967295, 2]]))))}`)
  lines.push(`merged_updates ${hex(Y.mergeUpdates([recorded(9, edits.map), recorded(7, edits.text)]))}`)
  lines.push(`largest_client ${hex(recorded(Number.MAX_SAFE_INTEGER, edits.text))}`)
  lines.push(`empty ${hex(Y.encodeStateAsUpdate(document(1)))}`)
  return lines
}

export function stateVectors() {
  return [
    `empty ${hex(Y.encodeStateVector(document(1)))}`,
    `two_clients ${hex(Y.encodeStateVector(merged()))}`,
  ]
}
