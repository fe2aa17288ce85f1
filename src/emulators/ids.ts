// Transaction ids travel as received and are compared without regard to case (FLOW-GEN-7).

export const sameId = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one.toLowerCase() === other.toLowerCase()

/** Names of the ids in `message` that differ from those of the transaction, for the errorDetail of a 301. */
export function foreignIds<Name extends string>(
  names: readonly Name[],
  message: { readonly [N in Name]?: string },
  known: { readonly [N in Name]?: string | undefined },
): readonly Name[] {
  return names.filter((name) => !sameId(message[name], known[name]))
}
