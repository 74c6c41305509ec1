// Reads the Rust definitions that cross the wire: structs, enums and refusals, as plain data.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Every struct, enum, alias and refusal under a crate's `src`, by name; `isTwice` where two files define one. `numbers`
 * has the functions that give one number, as fields have it where they are left out.
 */
export function readCrate(folder) {
  const items = {}
  const files = readdirSync(join(folder, 'src'), { recursive: true })
    .filter((name) => name.endsWith('.rs'))
    .sort()
  for (const file of files) {
    const whole = plain(readFileSync(join(folder, 'src', file), 'utf8'))
    const block = whole.match(/\nrefusals! \{[^]*?\n\}/)?.[0] ?? ''
    const text = whole.replace(block, '')
    for (const item of text.matchAll(/((?:#\[[^\]]*\]\s*)*)pub (struct|enum|type) (\w+)/g)) {
      const [head, attributes, what, name] = item
      const rest = text.slice(item.index + head.length)
      const read = what === 'type' ? { alias: rest.match(/=([^;]*);/)[1].trim() } : define(what, rest, attributes)
      if (read) items[name] = items[name] ? { ...items[name], isTwice: true } : read
    }
    for (const [, name, number] of text.matchAll(/^fn (\w+)\(\) -> \w+ \{\s*(?:\w+\()?(\d+)\)?\s*\}/gm))
      (items.numbers ??= {})[name] = number
    if (block) items.refusals = refusals(block)
    for (const found of text.matchAll(
      /pub const \w+: Table<([^]*?)>\s*=\s*Table::new\(Module::\w+, (\d+), "([^"]+)"\)/g,
    )) {
      const [key, record] = split(found[1])
      ;(items.tables ??= []).push({ key, record, number: Number(found[2]), name: found[3] })
    }
  }
  return items
}

/** Source without comments and without its tests. */
function plain(text) {
  return text.split('#[cfg(test)]')[0].replace(/\/\/.*$/gm, '')
}

function define(what, rest, attributes) {
  const serde = (name) => attributes.match(new RegExp(`serde\\([^)]*${name} = "([^"]*)"`))?.[1]
  if (/^\s*</.test(rest)) return undefined
  if (what === 'struct') {
    if (/^\s*\(/.test(rest)) return { alias: split(inside(rest, '(', ')')).map((type) => type.replace(/^pub /, ''))[0] }
    return /^\s*\{/.test(rest) ? { fields: fields(inside(rest, '{', '}')) } : undefined
  }
  let next = 0
  const variants = split(inside(rest, '{', '}')).map((variant) => {
    const [, name, payload, number] = variant.match(/^(?:#\[[^\]]*\]\s*)*(\w+)\s*([({][^]*[)}])?\s*(?:=\s*(\d+))?$/)
    next = number === undefined ? next : Number(number)
    const isDefault = /#\[default\]/.test(variant)
    return { name: rename(name, serde('rename_all')), number: next++, isDefault, ...content(payload) }
  })
  return { variants, tag: serde('tag') }
}

function content(payload) {
  if (payload?.startsWith('{')) return { fields: fields(inside(payload, '{', '}')) }
  if (payload?.startsWith('(')) return { types: split(inside(payload, '(', ')')) }
  return {}
}

/** The fields that are written: what is worked out anew where a record is read is in no encoding. */
function fields(text) {
  const written = split(text).filter((field) => !/^(?:#\[[^\]]*\]\s*)*#\[borsh\(skip\)\]/.test(field))
  return written.map((field) => {
    const [, attributes, name, type] = field.match(/^((?:#\[[^\]]*\]\s*)*)(?:pub(?:\(\w+\))? (?:r#)?)?(\w+):\s*([^]*)$/)
    const [isOptional, , number] = attributes.match(/serde\(default( = "(\w+)")?\)/) ?? [false]
    return { name, type: type.trim(), isOptional: Boolean(isOptional), number }
  })
}

const rename = (name, rule) => (rule === 'SCREAMING_SNAKE_CASE' ? snake(name).toUpperCase() : snake(name))
const snake = (name) => name.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase()

/** Code, status and name of each refusal that a `refusals!` block declares. */
function refusals(text) {
  const found = text.matchAll(/^\s*([A-Z]\w*)\s*(?:\([^=]*?\)|\{[^=]*?\})?\s*=\s*(\d+), (0x[0-9a-f]{2}), "/gm)
  return [...found].map(([, name, code]) => ({ name, code: Number(code) }))
}

/** What stands between the first bracket and its partner. */
function inside(text, open, close) {
  const start = text.indexOf(open)
  for (let depth = 0, at = start; at < text.length; at++) {
    if (text[at] === open) depth++
    if (text[at] === close && --depth === 0) return text.slice(start + 1, at)
  }
  throw new Error(`unbalanced: ${text.slice(0, 80)}`)
}

/** The parts between commas that stand in no bracket. */
export function split(text) {
  const parts = ['']
  let depth = 0
  for (const char of text) {
    if ('([{<'.includes(char)) depth++
    if (')]}>'.includes(char)) depth--
    if (char === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts.map((part) => part.trim()).filter(Boolean)
}
