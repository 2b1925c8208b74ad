// board.mjs NODES FILE: a whiteboard by the content conventions, made node by node with yjs, as one update.
import { writeFileSync } from 'node:fs'
import * as Y from 'yjs'

const [nodes, file] = process.argv.slice(2)
const doc = new Y.Doc()
const board = doc.getMap('nodes')
const edges = doc.getMap('edges')
for (let index = 0; index < Number(nodes); index++) {
  doc.transact(() => {
    const node = new Y.Map()
    board.set(`node-${index}`, node)
    node.set('type', 'card')
    node.set('x', (index % 100) * 240)
    node.set('y', Math.floor(index / 100) * 160)
    node.set('width', 200)
    node.set('height', 120)
    node.set('color', ['#aabbcc', '#ffe0a0', '#c0f0d0'][index % 3])
    node.set('text', new Y.Text(`Card ${index} ships the quarterly report once legal has signed off and the numbers agree`))
    if (index > 0) {
      const edge = new Y.Map()
      edges.set(`edge-${index}`, edge)
      edge.set('source', `node-${index - 1}`)
      edge.set('target', `node-${index}`)
      edge.set('type', 'DEPENDS_ON')
    }
  })
}
writeFileSync(file, Y.encodeStateAsUpdate(doc))
