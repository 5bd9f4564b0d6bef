import { RefusedByHost } from './resource-types.ts'
import { isRecord } from './template.ts'

/**
 * Lambda event filtering: compiles the patterns of `FilterCriteria` once into predicates. Source of the rules: AWS
 * Lambda developer guide, "Filter rule syntax" (Null, Empty, Equals, Equals ignore case, And, Or, Or multiple fields,
 * Not, Numeric equals and range, Exists, Begins with, Ends with). What Lambda does not document is refused.
 */
export type Predicate = (value: unknown) => boolean

/** One event passes when any of the filters matches; no filters at all let everything pass. */
export function compileFilters(criteria: unknown): Predicate {
  if (criteria === undefined) return () => true
  if (!isRecord(criteria) || !Array.isArray(criteria['Filters'])) {
    throw new RefusedByHost('FilterCriteria has no list Filters')
  }
  const filters = criteria['Filters'].map((filter: unknown) => {
    const pattern = isRecord(filter) ? filter['Pattern'] : undefined
    if (typeof pattern !== 'string') throw new RefusedByHost('a filter has no Pattern')
    return compilePattern(JSON.parse(pattern))
  })
  if (filters.length === 0) return () => true
  return (event) => filters.some((matches) => matches(event))
}

export function compilePattern(pattern: unknown): Predicate {
  if (!isRecord(pattern)) throw new RefusedByHost('a filter pattern must be an object')
  return compileObject(pattern, '')
}

function compileObject(pattern: Record<string, unknown>, path: string): Predicate {
  const parts = Object.entries(pattern).map(([key, rule]): Predicate => {
    const here = path === '' ? key : `${path}.${key}`
    if (key === '$or') {
      if (!Array.isArray(rule) || !rule.every(isRecord) || rule.length < 2) {
        throw new RefusedByHost(`filter ${here}: $or needs a list of at least two objects`)
      }
      const options = rule.map((option) => compileObject(option, path))
      return (value) => options.some((matches) => matches(value))
    }
    if (Array.isArray(rule)) {
      const matches = compileLeaf(rule, here)
      return (value) => matches(isRecord(value) && Object.hasOwn(value, key) ? { value: value[key] } : undefined)
    }
    if (!isRecord(rule)) throw new RefusedByHost(`filter ${here}: a rule must be a list or an object`)
    const nested = compileObject(rule, here)
    return (value) => nested(isRecord(value) ? value[key] : undefined)
  })
  return (value) => parts.every((matches) => matches(value))
}

interface Present {
  readonly value: unknown
}
type Leaf = (field: Present | undefined) => boolean

/** The comparisons of one field; any of them may match. A field that holds a list matches by any of its members. */
function compileLeaf(rules: readonly unknown[], path: string): Leaf {
  if (rules.length === 0) throw new RefusedByHost(`filter ${path}: an empty list matches nothing`)
  const comparisons = rules.map((rule) => compileComparison(rule, path))
  return (field) => comparisons.some((matches) => matches(field))
}

function onValue(test: (value: unknown) => boolean): Leaf {
  return (field) => {
    if (field === undefined) return false
    return Array.isArray(field.value) ? field.value.some(test) : test(field.value)
  }
}

function compileComparison(rule: unknown, path: string): Leaf {
  if (rule === null || typeof rule === 'string' || typeof rule === 'number' || typeof rule === 'boolean') {
    return onValue((value) => value === rule)
  }
  const names = isRecord(rule) ? Object.keys(rule) : []
  const name = names[0]
  if (!isRecord(rule) || names.length !== 1 || name === undefined) {
    throw new RefusedByHost(`filter ${path}: ${JSON.stringify(rule)} is not a comparison`)
  }
  const argument = rule[name]
  switch (name) {
    case 'exists':
      if (typeof argument !== 'boolean') break
      // Exists works on leaf nodes only: a field that holds an object does not exist for it.
      return (field) => (field !== undefined && !isRecord(field.value)) === argument
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
      return compileText(name, argument, path)
    case 'anything-but':
      return compileAnythingBut(argument, path)
    case 'numeric':
      return onValue(compileNumeric(argument, path))
  }
  throw new RefusedByHost(`filter ${path}: ${JSON.stringify(rule)} is not simulated here`)
}

function compileText(name: string, argument: unknown, path: string): Leaf {
  if (typeof argument !== 'string') throw new RefusedByHost(`filter ${path}: ${name} needs text`)
  const folded = argument.toLowerCase()
  return onValue((value) => {
    if (typeof value !== 'string') return false
    if (name === 'prefix') return value.startsWith(argument)
    return name === 'suffix' ? value.endsWith(argument) : value.toLowerCase() === folded
  })
}

function compileAnythingBut(argument: unknown, path: string): Leaf {
  const refused = Array.isArray(argument) ? argument : [argument]
  const plain = refused.every((each) => typeof each === 'string' || typeof each === 'number')
  if (refused.length === 0 || !plain) {
    throw new RefusedByHost(`filter ${path}: anything-but of ${JSON.stringify(argument)} is not simulated here`)
  }
  return onValue((value) => !isRecord(value) && !refused.some((each) => each === value))
}

type Bound = (value: number) => boolean

function compileNumeric(argument: unknown, path: string): (value: unknown) => boolean {
  const bounds: Bound[] = []
  const parts: readonly unknown[] = Array.isArray(argument) ? argument : []
  for (let at = 0; at < parts.length; at += 2) {
    const limit = parts[at + 1]
    if (typeof limit !== 'number') throw new RefusedByHost(`filter ${path}: numeric needs operator and number in pairs`)
    bounds.push(compileBound(parts[at], limit, path))
  }
  if (bounds.length === 0 || bounds.length > 2) {
    throw new RefusedByHost(`filter ${path}: numeric needs one or two pairs of operator and number`)
  }
  return (value) => typeof value === 'number' && bounds.every((holds) => holds(value))
}

function compileBound(operator: unknown, limit: number, path: string): Bound {
  switch (operator) {
    case '=':
      return (value) => value === limit
    case '<':
      return (value) => value < limit
    case '<=':
      return (value) => value <= limit
    case '>':
      return (value) => value > limit
    case '>=':
      return (value) => value >= limit
    default:
      throw new RefusedByHost(`filter ${path}: numeric operator ${JSON.stringify(operator)} does not exist`)
  }
}
