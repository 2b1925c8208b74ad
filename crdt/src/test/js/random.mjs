// A small seeded generator (mulberry32) with the choices that histories are made of.
export class Random {
  constructor (seed) {
    this.state = seed >>> 0
  }

  next () {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let value = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }

  below (bound) {
    return Math.floor(this.next() * bound)
  }

  chance (probability) {
    return this.next() < probability
  }

  of (choices) {
    return choices[this.below(choices.length)]
  }
}
