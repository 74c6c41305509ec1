/** A type as the chain encodes it: a plain one by name, a shape around others, or a record or choice of the schema. */
export type Type = string | readonly ['option' | 'list' | 'tuple', ...Type[]]

/** A named field; one that may be left out says what it is then, as JSON. */
export type Field = readonly [name: string, type: Type, absent?: unknown]

/** Named fields in the order of their bytes. */
export type Fields = { readonly fields: readonly Field[] }

/** One of several, by number in bytes and by name in JSON; with a `tag`, the name stands beside its fields. */
export type Variants = {
  readonly tag?: string
  readonly variants: readonly (readonly [name: string, number: number, content: Type | Fields | null])[]
}

/** Every record and choice by its name. */
export type Schema = { readonly [name: string]: Fields | Variants }

/** Names in JSON have underscores, names in TypeScript have humps. */
export const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** True if a field may be left out. */
export const isOptional = ([, type, absent]: Field): boolean => absent !== undefined || type[0] === 'option'

/** True if a variant has named fields. */
export const hasFields = (content: Type | Fields): content is Fields => typeof content === 'object' && 'fields' in content
