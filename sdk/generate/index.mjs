// Writes what is generated into `src/generated`; tests compare it with what is checked in.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { abi } from './abi.mjs'
import { parameters } from './parameters.mjs'
import { texts } from './texts.mjs'
import { wire } from './wire.mjs'

const here = dirname(fileURLToPath(import.meta.url))

/** Every generated file, by its path in the package. */
export function generate(root = resolve(here, '../..')) {
  return {
    'src/generated/abi.ts': abi(root),
    'src/generated/wire.ts': wire(root),
    'src/generated/texts.ts': texts(root),
    'src/generated/parameters.ts': parameters(root),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(generate())) {
    const file = join(here, '..', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
