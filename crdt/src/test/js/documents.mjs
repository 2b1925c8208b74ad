// Documents by hand, one for each thing that a random history may miss.
import * as Y from 'yjs'

const document = fill => () => {
  const doc = new Y.Doc()
  doc.clientID = 7
  const updates = []
  doc.on('update', update => updates.push(update))
  fill(doc)
  return { doc, updates }
}

const nested = depth => doc => {
  let map = doc.getMap('map')
  doc.transact(() => {
    for (let i = 0; i < depth; i++) map = map.set('in', new Y.Map())
    map.set('bottom', true)
  })
}

export const documents = {
  empty: document(() => {}),
  text: document(doc => doc.getText('text').insert(0, 'hello')),
  emptied_text: document(doc => { doc.getText('text').insert(0, 'hello'); doc.getText('text').delete(0, 5) }),
  formatted_text_emptied: document(doc => {
    doc.getText('text').insert(0, 'hello', { bold: true })
    doc.getText('text').delete(0, 5)
  }),
  embed_only: document(doc => doc.getText('text').insertEmbed(0, { image: 'x' })),
  map: document(doc => doc.getMap('map').set('key', { deep: [1, { er: null }] })),
  emptied_map: document(doc => { doc.getMap('map').set('key', 1); doc.getMap('map').delete('key') }),
  array: document(doc => doc.getArray('array').push(['a', 'b', 1, null, [undefined]])),
  array_of_strings: document(doc => doc.getArray('array').push(['a', 'b'])),
  emptied_array: document(doc => { doc.getArray('array').push([1, 'b']); doc.getArray('array').delete(0, 2) }),
  emptied_array_of_types: document(doc => { doc.getArray('array').push([new Y.Map()]); doc.getArray('array').delete(0) }),
  array_of_types: document(doc => doc.getArray('array').push([new Y.Map(), new Y.Text('t'), new Y.Array()])),
  fragment: document(doc => doc.getXmlFragment('xml').push([new Y.XmlElement('P'), new Y.XmlText('text')])),
  emptied_fragment: document(doc => {
    doc.getXmlFragment('xml').push([new Y.XmlElement('P')])
    doc.getXmlFragment('xml').delete(0)
  }),
  element: document(doc => {
    const element = doc.getXmlElement('element')
    element.setAttribute('Class', 'a')
    element.push([new Y.XmlElement('b')])
  }),
  hook: document(doc => {
    const hook = new Y.XmlHook('name')
    doc.getMap('map').set('hook', hook)
    hook.set('key', 'value')
  }),
  subdocument: document(doc => doc.getMap('map').set('sub', new Y.Doc({ guid: 'guid', meta: { kept: true } }))),
  bytes: document(doc => doc.getMap('map').set('bytes', Uint8Array.of(0, 1, 254, 255))),
  numbers: document(doc => doc.getArray('array').push(
    [0, -0, 1.5, -1e-7, 1e21, NaN, Infinity, 2 ** 31, 2 ** 53, 12345678901234567890, 0.1 + 0.2])),
  bigints: document(doc => doc.getArray('array').push([[0n, 5n, -(2n ** 63n)]])),
  undefined_values: document(doc => { doc.getMap('map').set('gone', undefined); doc.getMap('map').set('in', { u: undefined }) }),
  unusual_keys: document(doc => ['', '__proto__x', '😀', '\uffff', '"', '\u0000'].forEach(key => doc.getMap('map').set(key, key))),
  unusual_root: document(doc => doc.getText('😀 "root"\n').insert(0, 'x')),
  // What Yjs before 13 wrote for values: content kind 2, JSON texts or undefined.
  old_json_content: document(doc => {
    doc.getArray('array')
    const values = ['undefined', '{"a":1}', 'null', '"\\ud83d!"'].flatMap(text => [text.length, ...Buffer.from(text)])
    Y.applyUpdate(doc, Uint8Array.from([1, 1, 9, 0, 2, 1, 5, ...Buffer.from('array'), 4, ...values, 0]))
  }),
  format_with_half_a_character: document(doc => doc.getXmlFragment('xml').insert(0, [
    (() => { const text = new Y.XmlText(); text.insert(0, 'x', { a: { k: '\ud83d' } }); return text })()])),
  character_cut_by_insert: document(doc => { doc.getText('text').insert(0, 'a😀b'); doc.getText('text').insert(2, 'x') }),
  character_cut_by_delete: document(doc => { doc.getText('text').insert(0, 'a😀b'); doc.getText('text').delete(2, 1) }),
  deleted_nest: document(doc => { nested(20)(doc); doc.getMap('map').delete('in') }),
  nested: document(nested(200)),
  overwritten: document(doc => { for (let i = 0; i < 50; i++) doc.getMap('map').set('key', new Y.Map([['n', i]])) })
}
