import { invalidParam } from './errors.ts'
import type { FormObject, FormValue } from './form.ts'

const metadataLimits = { keys: 50, keyLength: 40, valueLength: 500 } // Stripe's limits for metadata

/** Reads a decoded form with Stripe's own complaints. Every name that may be there has to be named: the rest is unknown. */
export class Params {
  readonly #values: FormObject
  readonly #prefix: string

  constructor(values: FormObject, prefix = '') {
    this.#values = values
    this.#prefix = prefix
  }

  path(name: string): string {
    return this.#prefix === '' ? name : `${this.#prefix}[${name}]`
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  /** Refuses every parameter that is not named here. */
  only(...names: string[]): this {
    for (const name of Object.keys(this.#values)) {
      if (!names.includes(name))
        throw invalidParam(this.path(name), `Received unknown parameter: ${this.path(name)}`, 'parameter_unknown')
    }
    return this
  }

  string(name: string, maxLength = 5000): string | undefined {
    const value = this.#values[name]
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw invalidParam(this.path(name), `Invalid string: ${this.path(name)}`)
    if (value === '') {
      const message = `You passed an empty string for '${this.path(name)}'. We assume empty values are an attempt to unset a parameter; however '${this.path(name)}' cannot be unset.`
      throw invalidParam(this.path(name), message, 'parameter_invalid_empty')
    }
    if (value.length > maxLength) {
      const message = `Invalid string: ${value.slice(0, 10)}...; must be at most ${maxLength} characters`
      throw invalidParam(this.path(name), message)
    }
    return value
  }

  required(name: string, maxLength?: number): string {
    return this.string(name, maxLength) ?? this.missing(name)
  }

  missing(name: string): never {
    throw invalidParam(this.path(name), `Missing required param: ${this.path(name)}.`, 'parameter_missing')
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.string(name)
    if (value === undefined) return undefined
    return this.#choice(name, value, allowed)
  }

  #choice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
    const found = allowed.find((choice) => choice === value)
    if (found === undefined)
      throw invalidParam(this.path(name), `Invalid ${this.path(name)}: must be one of ${allowed.join(', ')}`)
    return found
  }

  integer(name: string): number | undefined {
    const value = this.string(name)
    if (value === undefined) return undefined
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : NaN
    if (Number.isNaN(number))
      throw invalidParam(this.path(name), `Invalid integer: ${value}`, 'parameter_invalid_integer')
    return number
  }

  /** An integer from `least` upwards. */
  atLeast(name: string, least: number): number | undefined {
    const value = this.integer(name)
    if (value !== undefined && value < least) {
      throw invalidParam(
        this.path(name),
        `This value must be greater than or equal to ${least}.`,
        'parameter_invalid_integer',
      )
    }
    return value
  }

  object(name: string): Params | undefined {
    const value = this.#values[name]
    return value === undefined ? undefined : this.#nested(name, value)
  }

  #nested(name: string, value: FormValue): Params {
    if (typeof value === 'string') throw invalidParam(this.path(name), `Invalid object: ${this.path(name)}`)
    return new Params(value, this.path(name))
  }

  #entries(name: string): [string, FormValue][] {
    const value = this.#values[name]
    if (value === undefined) return []
    const keys = typeof value === 'string' ? [''] : Object.keys(value)
    if (typeof value === 'string' || keys.some((key) => !/^\d{1,4}$/.test(key))) {
      throw invalidParam(this.path(name), `Invalid array: ${this.path(name)}`)
    }
    return Object.entries(value).sort(([a], [b]) => Number(a) - Number(b))
  }

  objects(name: string): Params[] {
    return this.#entries(name).map(([key, value]) => {
      const path = `${this.path(name)}[${key}]`
      if (typeof value === 'string') throw invalidParam(path, `Invalid object: ${path}`)
      return new Params(value, path)
    })
  }

  strings(name: string): string[] {
    return this.#entries(name).map(([key, value]) => {
      if (typeof value !== 'string') throw invalidParam(this.path(name), `Invalid string: ${this.path(name)}[${key}]`)
      return value
    })
  }

  choices<T extends string>(name: string, allowed: readonly T[]): T[] {
    return this.strings(name).map((value, index) => this.#choice(`${name}[${index}]`, value, allowed))
  }

  metadata(name = 'metadata'): Record<string, string> {
    const value = this.#values[name]
    if (value === undefined || value === '') return {}
    if (typeof value === 'string')
      throw invalidParam(this.path(name), 'Invalid hash: metadata must be a set of key-value pairs.')
    const entries = Object.entries(value)
    const { keys, keyLength, valueLength } = metadataLimits
    if (entries.length > keys) throw invalidParam(this.path(name), `Metadata can have at most ${keys} keys.`)
    const kept: Record<string, string> = {}
    for (const [key, text] of entries) {
      const path = `${this.path(name)}[${key}]`
      if (typeof text !== 'string') throw invalidParam(path, 'Metadata values can not be nested.')
      if (key.length > keyLength) {
        throw invalidParam(
          path,
          `Metadata keys can have up to ${keyLength} characters, but you passed in a key that is ${key.length} characters. Invalid key: ${key}`,
        )
      }
      if (text.length > valueLength) {
        throw invalidParam(
          path,
          `Metadata values can have up to ${valueLength} characters, but you passed in a value that is ${text.length} characters. Invalid value: ${text}`,
        )
      }
      if (text !== '') kept[key] = text
    }
    return kept
  }
}
