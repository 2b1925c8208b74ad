// The reference: answers each line on standard input with one line, for the differential test. Bytes are base64.
import * as readline from 'node:readline'
import * as Y from 'yjs'
import { canonicalOf } from './canonical.mjs'
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

const commands = {
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
