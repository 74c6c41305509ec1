/** A type as the chain encodes it: a plain one by name, a shape around others, or a record or choice of the schema. */
export type Type = string | readonly ['option' | 'list' | 'tuple', ...Type[]]

/** Named fields in the order of their bytes. */
export type Fields = { readonly fields: readonly (readonly [name: string, type: Type])[] }

/** One of several, by number in bytes and by name in JSON; with a `tag`, the name stands beside its fields. */
export type Variants = {
  readonly tag?: string
  readonly variants: readonly (readonly [name: string, number: number, content: Type | Fields | null])[]
}

/** Every record and choice by its name. */
export type Schema = { readonly [name: string]: Fields | Variants }

/** Names in JSON have underscores, names in TypeScript have humps. */
export const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
