// What the buyer of a test chooses about the screening at the checkout.

/** How the opinion reaches the issuer; off: nobody is asked. */
export const screeningDoors = ['off', 'areq', 'ahead', 'asked'] as const
/** What the shop itself makes of it: goes on whatever it says, or stops NG and waits for a person where one is to look. */
export const screeningUses = ['inform', 'obey'] as const

/** 090-1234-5678 as the parts of a number; those of other countries begin with +. */
export function phoneParts(typed: string): { readonly cc: string; readonly subscriber: string } | undefined {
  const text = typed.normalize('NFKC').replace(/[\s()-]/g, '')
  if (/^0\d{8,10}$/.test(text)) return { cc: '81', subscriber: text.slice(1) }
  const [, cc, subscriber] = /^\+(81|1|7|[2-9]\d{1,2}?)(\d{6,12})$/.exec(text) ?? []
  return cc === undefined || subscriber === undefined ? undefined : { cc, subscriber }
}
