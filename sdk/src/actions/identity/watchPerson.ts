import { personsIn } from '../../event.js'
import type { AnyClient } from '../ask.js'
import { watchEvents } from '../network/watchEvents.js'

/** Tells every event that names a person, or an account of it: in order, none left out. Returns what stops it. */
export function watchPerson(client: AnyClient, parameters: watchPerson.Parameters): watchPerson.ReturnType {
  const { person, ...rest } = parameters
  return watchEvents(client, { ...rest, isWanted: (event) => personsIn(event).includes(person) })
}

export declare namespace watchPerson {
  type Parameters = Omit<watchEvents.Parameters, 'isWanted'> & { person: bigint }
  type ReturnType = watchEvents.ReturnType
}
