import { invalidParam } from './errors.ts'

/** A decoded form: `a[b][0][c]=d` becomes nested objects without a prototype; lists are objects with the keys 0, 1, …. */
export type FormValue = string | FormObject
export interface FormObject {
  [key: string]: FormValue
}

const maxFields = 2000
const maxDepth = 8

function empty(): FormObject {
  const made = Object.create(null) as FormObject // no prototype: `__proto__` and `constructor` are plain keys here
  return made
}

function put(target: FormObject, name: string, value: string): void {
  const open = name.indexOf('[')
  const head = open < 0 ? name : name.slice(0, open)
  const rest = open < 0 ? '' : name.slice(open)
  if (head === '' || head.includes(']') || (rest !== '' && !/^(\[[^[\]]*\])+$/.test(rest)))
    throw invalidParam(name, `Invalid parameter name: ${name}`)
  const path = rest === '' ? [head] : [head, ...rest.slice(1, -1).split('][')]
  if (path.length > maxDepth) throw invalidParam(name, `Parameter nested too deeply: ${name}`)
  let at = target
  for (const [index, part] of path.entries()) {
    const key = part === '' ? String(Object.keys(at).length) : part
    if (index === path.length - 1) {
      at[key] = value
      return
    }
    const next = at[key]
    if (typeof next === 'string') throw invalidParam(name, `Invalid object: ${name}`)
    at = at[key] = next ?? empty()
  }
}

/** Decodes a form-encoded body or query string with brackets. Throws ApiError 400. */
export function parseForm(text: string): FormObject {
  const form = empty()
  let fields = 0
  for (const [name, value] of new URLSearchParams(text)) {
    fields += 1
    if (fields > maxFields) throw invalidParam(name, 'Too many parameters.')
    put(form, name, value)
  }
  return form
}
