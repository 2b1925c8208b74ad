// The JSON of a document in the form that the native engine writes it: sorted keys, bytes in base64, bigints as numbers.
import * as Y from 'yjs'

const compareKeys = (left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))

// String.toWellFormed, which older Node versions lack.
const wellFormed = text => Buffer.from(text).toString()

export const canonical = value => {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (value instanceof Y.Doc) return '{}'
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']'
  if (typeof value === 'object') {
    const keys = Object.keys(value).filter(key => value[key] !== undefined).sort(compareKeys)
    return '{' + keys.map(key => JSON.stringify(wellFormed(key)) + ':' + canonical(value[key])).join(',') + '}'
  }
  return JSON.stringify(typeof value === 'string' ? wellFormed(value) : value)
}

// Only roots that anyone wrote to: a root that was merely typed leaves no trace in an update.
export const canonicalOf = doc => {
  const json = {}
  doc.share.forEach((type, name) => {
    if (type._start !== null || type._map.size > 0) json[name] = type.toJSON()
  })
  return canonical(json)
}
