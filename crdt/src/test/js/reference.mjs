// The reference: answers each line on standard input with one line, for the differential test. Bytes are base64.
import * as readline from 'node:readline'
import * as Y from 'yjs'
import { canonical, canonicalOf } from './canonical.mjs'
import { history, typed } from './history.mjs'
import { documents } from './documents.mjs'

const encode = bytes => Buffer.from(bytes).toString('base64')
const decode = text => new Uint8Array(Buffer.from(text, 'base64'))
const untyped = () => new Y.Doc({ gc: true })

// What the last `history` or `document` came to; what `check` compares with.
let last = null

const answer = (doc, updates) => {
  last = doc
  return [
    updates.map(encode).join(','),
    encode(Buffer.from(canonicalOf(doc))),
    encode(Y.encodeStateVector(doc))
  ].join(' ')
}

// What only one of two documents has deleted. Formats do not count: every Yjs tidies away those that no longer change
// anything, without telling, after whatever transaction it noticed them in.
const differences = (doc, other) => {
  const deleted = [doc, other].map(each => Y.snapshot(each).ds)
  const structAt = (each, client, clock) =>
    each.store.clients.get(client).find(({ id, length }) => clock < id.clock + length)
  const found = []
  Y.decodeStateVector(Y.encodeStateVector(doc)).forEach((end, client) => {
    for (let clock = 0; clock < end; clock++) {
      const [here, there] = deleted.map(set => Y.isDeleted(set, Y.createID(client, clock)))
      if (here === there) continue
      const { content, parentSub } = structAt(here ? other : doc, client, clock)
      if (!(content instanceof Y.ContentFormat)) {
        found.push(JSON.stringify({ client, clock, here, there, parentSub, content: content?.constructor.name }))
      }
    }
  })
  return found.join(' ')
}

const applied = (doc, updates) => {
  updates.forEach(update => Y.applyUpdate(doc, update))
  return doc
}

// All that a person can see of a type, formats of text included.
const visible = value => {
  if (value instanceof Y.XmlElement) return ['element', value.nodeName, attributesOf(value), value.toArray().map(visible)]
  if (value instanceof Y.Text) return ['text', attributesOf(value), stretchesOf(value)]
  if (value instanceof Y.XmlFragment) return ['fragment', value.toArray().map(visible)]
  if (value instanceof Y.Array) return ['array', value.toArray().map(visible)]
  if (value instanceof Y.Map) return ['map', entriesOf(value._map.keys(), key => value.get(key))]
  return canonical(numbered(value))
}

// A restoration tells a bigint from a number no more than the JSON does.
const numbered = value => {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(numbered)
  if (value === null || value === undefined || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, numbered(each)]))
}

// One after the other, those with the same formats as one, however they were written. Without formats that an object is
// the value of somewhere: Yjs compares them by reference, and takes another one out of each replica.
const stretchesOf = text => {
  const stretches = []
  const delta = text.toDelta()
  const doubtful = new Set(delta.flatMap(({ attributes }) =>
    Object.keys(attributes ?? {}).filter(key => typeof attributes[key] === 'object')))
  for (const { insert, attributes } of delta) {
    const formats = Object.entries(attributes ?? {}).filter(([key]) => !doubtful.has(key)).map(canonical).sort().join()
    const previous = stretches.at(-1)
    if (typeof insert === 'string' && typeof previous?.insert === 'string' && previous.formats === formats) previous.insert += insert
    else stretches.push({ insert: typeof insert === 'string' ? insert : visible(insert), formats })
  }
  return stretches
}

const entriesOf = (keys, get) => [...keys].sort().map(key => [key, visible(get(key))]).filter(([, value]) => value !== 'null')

const attributesOf = type => entriesOf(type._map.keys(), key => type.getAttribute?.(key))

const visibleRoots = doc => {
  const roots = {}
  last.share.forEach((type, name) => doc.get(name, type.constructor))
  for (const name of [...doc.share.keys()].sort()) roots[name] = visible(doc.share.get(name))
  return JSON.stringify(roots)
}

const commands = {
  // restored <updates> <update> <updates>: whether the first with the update shows what the last shows
  restored: (present, update, wanted) => {
    const doc = applied(typed(untyped()), present.split(',').filter(Boolean).map(decode))
    Y.applyUpdate(doc, decode(update))
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return 'something is pending'
    const target = applied(typed(untyped()), wanted.split(',').filter(Boolean).map(decode))
    const [seen, expected] = [visibleRoots(doc), visibleRoots(target)]
    let at = 0
    while (at < seen.length && seen[at] === expected[at]) at++
    const around = text => text.slice(Math.max(0, at - 100), at + 100)
    return seen === expected ? 'equal' : around(seen) + ' instead of ' + around(expected)
  },
  // history <seed> <steps> <clients>: <updates> <json> <state vector>
  history: (seed, steps, clients) => {
    const updates = history(Number(seed), Number(steps), Number(clients))
    return answer(applied(typed(untyped()), updates), updates)
  },
  // names: the names of the documents by hand
  names: () => Object.keys(documents).join(' '),
  // document <name>: <updates> <json> <state vector>
  document: name => {
    const { updates, doc } = documents[name]()
    return answer(doc, updates)
  },
  // check <update>: whether a document made of this is the last one, down to what is deleted
  check: text => {
    const doc = applied(typed(untyped()), [decode(text)])
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return 'something is pending'
    if (encode(Y.encodeStateVector(doc)) !== encode(Y.encodeStateVector(last))) return 'the state vectors differ'
    const different = differences(doc, last)
    if (different !== '') return 'deletions differ: ' + different
    last.share.forEach((type, name) => doc.get(name, type.constructor))
    return canonicalOf(doc) === canonicalOf(last) ? 'equal' : 'the JSON differs: ' + canonicalOf(doc)
  },
  // partial <updates> <update>: the same of two parts that come one after the other
  partial: (base, rest) => {
    const doc = applied(typed(untyped()), base.split(',').filter(Boolean).map(decode))
    Y.applyUpdate(doc, decode(rest))
    return commands.check(encode(Y.encodeStateAsUpdate(doc)))
  },
  // vector <updates>: the state vector after some updates
  vector: updates => encode(Y.encodeStateVector(applied(typed(untyped()), updates.split(',').filter(Boolean).map(decode)))),
  // read <updates>: <json> <state vector> <pending>, of a document with the usual roots
  read: updates => {
    const doc = applied(typed(untyped()), updates.split(',').filter(Boolean).map(decode))
    const pending = doc.store.pendingStructs !== null || doc.store.pendingDs !== null
    return [encode(Buffer.from(canonicalOf(doc))), encode(Y.encodeStateVector(doc)), pending].join(' ')
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, ...parts] = line.split(' ')
  try {
    process.stdout.write(commands[command](...parts) + '\n')
  } catch (error) {
    process.stdout.write('! ' + String(error.stack ?? error).replaceAll('\n', ' | ') + '\n')
  }
}
