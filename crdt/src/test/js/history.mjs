// Random edit histories: several clients that edit the same document concurrently, exchange some of what they did in
// any order, undo and redo.
import * as Y from 'yjs'
import { Random } from './random.mjs'

const WORDS = ['a', 'word ', 'two words ', '\n', 'é', '漢字', '😀', 'x😀y', '👩‍👩‍👧', '\u0000', '"quoted\\"', '\u2028']
const KEYS = ['a', 'b', 'key', 'ключ', '😀', '', '\uffff']
const TAGS = ['p', 'DIV', 'custom-Tag']

const ROOTS = {
  text: doc => doc.getText('text'),
  map: doc => doc.getMap('map'),
  array: doc => doc.getArray('array'),
  xml: doc => doc.getXmlFragment('xml'),
  board: doc => doc.getMap('board')
}

export const typed = doc => {
  Object.values(ROOTS).forEach(root => root(doc))
  return doc
}

const value = (random, depth = 0) => {
  switch (random.below(depth > 2 ? 10 : 13)) {
    case 0: return null
    case 1: return random.chance(0.5)
    case 2: return random.below(1000) - 500
    case 3: return (random.next() - 0.5) * 10 ** (random.below(60) - 30)
    case 4: return random.of([NaN, Infinity, -Infinity, -0, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, 1e21, 5e-324])
    case 5: return depth > 0 ? random.of([0n, 5n, -(2n ** 63n), 2n ** 63n - 1n]) : 0.5
    case 6: return random.of(WORDS)
    case 7: return depth > 0 ? undefined : null
    case 8: return Uint8Array.from({ length: random.below(5) }, () => random.below(256))
    case 9: return random.of(KEYS)
    case 10: return Array.from({ length: random.below(4) }, () => value(random, depth + 1))
    default: return Object.fromEntries(
      Array.from({ length: random.below(4) }, () => [random.of(KEYS), value(random, depth + 1)]))
  }
}

const attributes = random => ({
  [random.of(['bold', 'i', 'link'])]: random.of([true, null, 'text', 3, { href: 'x"y', n: 1.5, z: null }, ['q', null]])
})

const isRootSequence = type => type._item === null && !(type instanceof Y.Map)

const node = random => {
  const map = new Y.Map()
  map.set('type', 'card')
  map.set('x', random.next() * 100)
  map.set('text', new Y.Text(random.of(WORDS)))
  return map
}

const shared = (random, container) => random.of([
  () => new Y.Map([[random.of(KEYS), random.below(9)]]),
  () => Y.Array.from([value(random), value(random)]),
  () => new Y.Text(random.of(WORDS)),
  () => new Y.Doc({ guid: 'sub', meta: { any: 1 } }),
  () => node(random),
  // A root that holds nothing but XML is taken for a fragment, whatever it was typed as.
  ...(isRootSequence(container) ? [] : [() => new Y.XmlElement(random.of(TAGS)), () => new Y.XmlText(random.of(WORDS))])
])()

const editText = (random, text) => {
  const at = random.below(text.length + 1)
  const count = Math.min(random.below(4), text.length - at)
  switch (random.below(7)) {
    case 0: case 1: case 2: text.insert(at, random.of(WORDS)); break
    case 3: if (count > 0) text.format(at, count, attributes(random)); break
    case 4: text.insert(at, random.of(WORDS), attributes(random)); break
    case 5: if (count > 0) text.delete(at, count); break
    default: text.insertEmbed(at, random.chance(0.7) || isRootSequence(text)
      ? { image: random.of(WORDS), d: [1, { e: null }] }
      : new Y.Map())
  }
}

const editMap = (random, map) => {
  const key = random.of(KEYS)
  if (random.chance(0.2)) map.delete(key)
  else map.set(key, random.chance(0.3) ? shared(random, map) : value(random))
}

const editArray = (random, array) => {
  const at = random.below(array.length + 1)
  if (random.chance(0.3) && at < array.length) array.delete(at, Math.min(array.length - at, 1 + random.below(3)))
  else array.insert(at, random.chance(0.3) ? [shared(random, array)] : [value(random), value(random)])
}

const xmlChild = random => random.chance(0.5) ? new Y.XmlText(random.of(WORDS)) : new Y.XmlElement(random.of(TAGS))

const editXml = (random, xml) => {
  if (xml instanceof Y.XmlElement && random.chance(0.3)) {
    const name = random.of(['class', 'id', 'Data'])
    if (random.chance(0.2)) xml.removeAttribute(name)
    else xml.setAttribute(name, random.of(['v', 'x y', 1.5, true, null, { o: 1 }, ['a', null, 2]]))
    return
  }
  const at = random.below(xml.length + 1)
  if (random.chance(0.3) && at < xml.length) xml.delete(at, 1)
  else xml.insert(at, [xmlChild(random)])
}

const editBoard = (random, board, doc) => {
  const id = 'node-' + random.below(6)
  const present = board.get(id)
  if (!(present instanceof Y.Map) || random.chance(0.1)) board.set(id, node(random))
  else if (random.chance(0.15)) board.delete(id)
  else if (random.chance(0.5)) present.set('x', random.next() * 100)
  else if (present.get('text') instanceof Y.Text) editText(random, present.get('text'))
}

const edit = (random, type) => {
  if (type instanceof Y.XmlText || type instanceof Y.Text) editText(random, type)
  else if (type instanceof Y.XmlFragment) editXml(random, type)
  else if (type instanceof Y.Array) editArray(random, type)
  else if (type instanceof Y.Map) editMap(random, type)
}

// A type somewhere below the root, the root itself more often than not.
const descend = (random, type) => {
  const children = type instanceof Y.Map
    ? [...type.values()]
    : type instanceof Y.Array || type instanceof Y.XmlFragment ? type.toArray() : []
  const types = children.filter(child => child instanceof Y.AbstractType)
  return types.length > 0 && random.chance(0.45) ? descend(random, random.of(types)) : type
}

class Client {
  constructor (id, updates) {
    this.doc = typed(new Y.Doc())
    this.doc.clientID = id
    this.unseen = []
    this.doc.on('update', (update, origin) => {
      if (origin === 'remote') return
      updates.push(update)
      this.others?.forEach(other => other.unseen.push(update))
    })
    this.undo = new Y.UndoManager(Object.values(ROOTS).map(root => root(this.doc)), { captureTimeout: 0 })
  }

  act (random) {
    const choice = random.below(20)
    if (choice === 0) this.undo.undo()
    else if (choice === 1) this.undo.redo()
    else if (choice < 6) this.receive(random)
    else {
      this.doc.transact(() => {
        for (let i = random.below(3); i >= 0; i--) {
          const name = random.of(Object.keys(ROOTS))
          const root = ROOTS[name](this.doc)
          if (name === 'board') editBoard(random, root)
          else edit(random, descend(random, root))
        }
      })
    }
  }

  receive (random) {
    const count = Math.min(this.unseen.length, 1 + random.below(4))
    for (let i = 0; i < count; i++) {
      const at = random.chance(0.8) ? 0 : random.below(this.unseen.length)
      Y.applyUpdate(this.doc, this.unseen.splice(at, 1)[0], 'remote')
    }
  }
}

// All updates that the clients sent, in order, of a history with this seed.
export const history = (seed, steps, clientCount) => {
  const random = new Random(seed)
  const updates = []
  const clients = Array.from({ length: clientCount }, () => new Client(1 + random.below(2 ** 32 - 1), updates))
  clients.forEach(client => { client.others = clients.filter(other => other !== client) })
  for (let step = 0; step < steps; step++) random.of(clients).act(random)
  return updates
}
