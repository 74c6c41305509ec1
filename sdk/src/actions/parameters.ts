// What verbs are given: nothing goes out under a name that is not read, or without what is needed.
import { parameters } from '../generated/parameters.js'

/** What is taken, by name, `?` after what may be left out: with its own fields, in a list if there are many, or 0. */
export type Known = { readonly [name: string]: 0 | Known | readonly [Known] }

/** Throws a `TypeError` that names every parameter that a verb lacks, and every one that it does not know. */
export function checkParameters(subject: keyof typeof parameters, verb: string, given: unknown = {}): void {
  const verbs: { readonly [verb: string]: Known } = parameters[subject]
  const wrong = wrongIn(verbs[verb.replace(/Sync$/, '')]!, given, '')
  if (wrong.length > 0) throw new TypeError(`${subject}.${verb}: ${wrong.join('; ')}`)
}

/** What is wrong with a record, in words; what stands before its names says where it is. */
function wrongIn(known: Known, given: unknown, before: string): string[] {
  if (typeof given !== 'object' || given === null) return [`${before.slice(0, -1) || 'what it takes'} is an object`]
  const taken = Object.entries(known).map(([name, of]) => [name.replace('?', ''), name.endsWith('?'), of] as const)
  const names = taken.map(([name]) => name)
  const values = given as { [name: string]: unknown }
  const lacking = taken.flatMap(([name, isOptional, of]) => {
    const [value, place] = [values[name], `${before}${name}`]
    if (value === undefined || value === null) return isOptional ? [] : [`${place} is missing`]
    if (of === 0) return []
    if (!isList(of)) return wrongIn(of, value, `${place}.`)
    if (!Array.isArray(value)) return [`${place} is a list`]
    return value.flatMap((item, at) => wrongIn(of[0], item, `${place}[${at}].`))
  })
  const all = names.length > 0 ? `known are ${names.join(', ')}` : 'it takes none'
  const unknown = Object.keys(values).filter((name) => !names.includes(name))
  return [...lacking, ...unknown.map((name) => `there is no ${before}${name}, ${all}`)]
}

const isList = (of: Known | readonly [Known]): of is readonly [Known] => Array.isArray(of)
