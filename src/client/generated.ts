// Made from the operations in src/http/admin by `npm run docs`. Edit those, not this file.

export type Match = {
  readonly acctNumber?: string | undefined
  readonly card?: string | undefined
  readonly range?: {
    readonly from: string
    readonly to: string
  } | undefined
  readonly endsWith?: string | undefined
  readonly scheme?: string | undefined
  readonly amount?: string | {
    readonly min?: number | undefined
    readonly max?: number | undefined
  } | undefined
  readonly currency?: string | undefined
  readonly merchant?: string | undefined
  readonly cardholderName?: string | undefined
  readonly email?: string | undefined
  readonly device?: string | undefined
  readonly deviceChannel?: "01" | "02" | "03" | undefined
  readonly messageVersion?: string | undefined
  readonly paths?: { readonly [name: string]: string | number | boolean | readonly Json[] | {
      readonly is?: Json | undefined
      readonly oneOf?: readonly Json[] | undefined
      readonly contains?: string | undefined
      readonly startsWith?: string | undefined
      readonly endsWith?: string | undefined
      readonly min?: number | undefined
      readonly max?: number | undefined
      readonly present?: boolean | undefined
    } } | undefined
}

/** any JSON */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export type Plan = {
  readonly transStatus?: "Y" | "N" | "A" | "U" | "R" | "I" | "C" | "D" | undefined
  readonly transStatusReason?: string | undefined
  readonly eci?: string | undefined
  readonly cardholderInfo?: string | undefined
  readonly delay?: number | string | undefined
  readonly challenge?: {
    readonly kind?: "emailOtp" | "smsOtp" | "pushOtp" | "chooseOtp" | "singleSelect" | "multiSelect" | "oob" | "oobMatch" | "passwordOtp" | "infoOtp" | "infoDecoupled" | undefined
    readonly pageDelay?: number | string | undefined
    readonly ending?: {
      readonly transStatus: "Y" | "N" | "A" | "U" | "R" | "D"
      readonly transStatusReason?: string | undefined
      readonly challengeCancel?: string | undefined
      readonly on?: "start" | "page" | "answer" | undefined
      readonly after?: number | string | undefined
    } | undefined
    readonly appSeenAfter?: number | "never" | undefined
    readonly prompts?: readonly ("trustList" | "deviceBinding")[] | undefined
    readonly play?: readonly ({
      readonly do: "open" | "submit" | "wrong" | "select" | "resend" | "otherWay" | "continue" | "cancel" | "approve" | "refuse" | "trust" | "abandon"
      readonly after?: number | string | undefined
      readonly value?: string | undefined
    })[] | undefined
  } | undefined
  readonly decoupled?: {
    readonly result: "Y" | "N" | "none"
    readonly afterSeconds?: number | undefined
  } | undefined
  readonly rreq?: {
    readonly when?: "beforeCRes" | "afterCRes" | "insteadOfCRes" | "afterReturn" | "never" | undefined
    readonly delay?: number | string | undefined
    readonly copies?: number | undefined
  } | undefined
  readonly faults?: readonly PlannedFault[] | undefined
  readonly teach?: boolean | undefined
}

export type Fault = {
  readonly kind: "delay"
  readonly delay: number | string
} | {
  readonly kind: "hang" | "drop" | "reset" | "malformed" | "html" | "wrongIds" | "badSignature"
  readonly delay?: number | string | undefined
} | {
  readonly kind: "truncate"
  readonly contentLength?: "full" | "sent" | undefined
  readonly delay?: number | string | undefined
} | {
  readonly kind: "status"
  readonly status: number
  readonly delay?: number | string | undefined
} | {
  readonly kind: "drip"
  readonly bytesPerSecond?: number | undefined
  readonly delay?: number | string | undefined
} | {
  readonly kind: "wrongVersion"
  readonly messageVersion?: string | undefined
  readonly delay?: number | string | undefined
} | {
  readonly kind: "missing"
  readonly element: string
  readonly delay?: number | string | undefined
} | {
  readonly kind: "extra" | "set"
  readonly element: string
  readonly value: Json
  readonly delay?: number | string | undefined
} | {
  readonly kind: "erro"
  readonly errorCode: string
  readonly errorDetail?: string | undefined
  readonly delay?: number | string | undefined
}

export type PlannedFault = {
  readonly link: string
  readonly message?: string | undefined
  readonly times?: number | undefined
  readonly probability?: number | undefined
  readonly fault: Fault
}

export type NewFaultRule = {
  readonly link: string
  readonly message?: string | undefined
  readonly times?: number | undefined
  readonly probability?: number | undefined
  readonly fault: Fault
  /** messages of one transaction; absent: of all */
  readonly match?: {
    readonly threeDSServerTransID?: string | undefined
    readonly acsTransID?: string | undefined
  } | undefined
  /** by the clock of the tenant */
  readonly expiresIn?: number | string | undefined
}

export type Transaction = {
  readonly id: number
  readonly at: number
  readonly acsTransID: string
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  /** keyed id */
  readonly card: string
  readonly panMask: string
  readonly scheme: string
  readonly messageVersion: string
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  /** of the ARes */
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly decidedBy: "stub" | "override" | "scenario" | "engine"
  readonly score: number
  /** of the RReq */
  readonly resultStatus?: string | undefined
  readonly resultReason?: string | undefined
  /** of the RReq */
  readonly delivery?: string | undefined
  readonly durationMs?: number | undefined
  /** what it turned out to be */
  readonly label?: Label | undefined
  /** the same in a summary */
  readonly labelKind?: "fraud" | "confirmedGood" | undefined
  /** what the engine would have said */
  readonly engine: unknown
  readonly [name: string]: unknown
}

export type Label = {
  readonly kind: "fraud" | "confirmedGood"
  /** when it was told, by the clock of the tenant */
  readonly at: number
  readonly note?: string | undefined
}

export type Problem = {
  /** what is wrong */
  readonly error: string
  /** the member it is about; never its value */
  readonly path?: string | undefined
}

export type WholeTransaction = {
  readonly id: number
  readonly at: number
  readonly acsTransID: string
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  /** keyed id */
  readonly card: string
  readonly panMask: string
  readonly scheme: string
  readonly messageVersion: string
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  /** of the ARes */
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly decidedBy: "stub" | "override" | "scenario" | "engine"
  readonly score: number
  /** of the RReq */
  readonly resultStatus?: string | undefined
  readonly resultReason?: string | undefined
  /** of the RReq */
  readonly delivery?: string | undefined
  readonly durationMs?: number | undefined
  /** what it turned out to be */
  readonly label?: Label | undefined
  /** the same in a summary */
  readonly labelKind?: "fraud" | "confirmedGood" | undefined
  /** what the engine would have said */
  readonly engine: unknown
  readonly evidence: {
    readonly en: unknown
    readonly ja: unknown
  }
  readonly features: { readonly [name: string]: number | null }
  readonly facts?: unknown | undefined
  readonly deciders: readonly ({
    readonly by: "stub" | "override" | "scenario" | "engine"
    readonly isChosen: boolean
    readonly outcome: {
      readonly transStatus?: string | undefined
      readonly [name: string]: unknown
    } | null
    readonly why: {
      readonly en: string
      readonly ja: string
    }
  })[]
  readonly waterfall: {
    readonly base: number
    readonly parts: readonly ({
      readonly checkId: string
      readonly code?: string | undefined
      /** log-odds */
      readonly weight: number
      readonly text: {
        readonly en: string
        readonly ja: string
      }
      readonly paths: readonly string[]
      readonly abstained: boolean
      readonly features?: readonly ({
        readonly feature: string
        readonly value: number | null
        readonly weight: number
      })[] | undefined
    })[]
    readonly score: number
    readonly probability: number
    readonly thresholds: {
      readonly challenge: number
      readonly reject: number
    }
    readonly band: string
    readonly policy: {
      readonly name: string
      readonly recorded: boolean
    }
  }
  readonly timeline: readonly ({
    readonly at: number
    readonly kind: string
    readonly title: {
      readonly en: string
      readonly ja: string
    }
    readonly detail?: {
      readonly en: string
      readonly ja: string
    } | undefined
    readonly [name: string]: unknown
  })[]
  readonly messages: readonly ({
    readonly at: number
    readonly link: string
    readonly message?: unknown | undefined
    readonly [name: string]: unknown
  })[]
  readonly challenge?: {
    readonly phase: string
    readonly [name: string]: unknown
  } | undefined
  readonly steps: readonly {
    readonly kind: string
    readonly createdAt: number
    readonly dueAt: number
    readonly done: boolean
    readonly [name: string]: unknown
  }[]
  readonly [name: string]: unknown
}

export type Scenario = {
  readonly title: string
  readonly titleJa?: string | undefined
  readonly match: Match
  readonly then: PlanTemplate
  /** trailing digits of the card; rr stands for a reason, cc for a challengeCancel */
  readonly endsWith?: string | undefined
  readonly transStatus?: "Y" | "N" | "A" | "U" | "R" | "I" | "C" | "D" | undefined
  readonly transStatusReason?: string | undefined
  readonly decoupled?: {
    readonly result: "Y" | "N" | "none"
    readonly afterSeconds?: number | undefined
  } | undefined
}

export type PlanTemplate = {
  readonly transStatus?: "Y" | "N" | "A" | "U" | "R" | "I" | "C" | "D" | undefined
  readonly transStatusReason?: string | undefined
  readonly eci?: string | undefined
  readonly cardholderInfo?: string | undefined
  readonly delay?: number | string | undefined
  readonly challenge?: {
    readonly kind?: "emailOtp" | "smsOtp" | "pushOtp" | "chooseOtp" | "singleSelect" | "multiSelect" | "oob" | "oobMatch" | "passwordOtp" | "infoOtp" | "infoDecoupled" | undefined
    readonly pageDelay?: number | string | undefined
    readonly ending?: {
      readonly transStatus: "Y" | "N" | "A" | "U" | "R" | "D"
      readonly transStatusReason?: string | undefined
      readonly challengeCancel?: string | undefined
      readonly on: "start" | "page" | "answer"
      readonly after?: number | string | undefined
    } | undefined
    readonly appSeenAfter?: number | "never" | undefined
    readonly prompts?: readonly ("trustList" | "deviceBinding")[] | undefined
    readonly play?: readonly ({
      readonly do: "open" | "submit" | "wrong" | "select" | "resend" | "otherWay" | "continue" | "cancel" | "approve" | "refuse" | "trust" | "abandon"
      readonly after?: number | string | undefined
      readonly value?: string | undefined
    })[] | undefined
  } | undefined
  readonly decoupled?: {
    readonly result: "Y" | "N" | "none"
    readonly afterSeconds?: number | undefined
  } | undefined
  readonly rreq?: {
    readonly when: "beforeCRes" | "afterCRes" | "insteadOfCRes" | "afterReturn" | "never"
    readonly delay?: number | string | undefined
    readonly copies: number
  } | undefined
  readonly faults?: readonly PlannedFaultAnswer[] | undefined
  readonly teach?: boolean | undefined
}

export type FaultAnswer = {
  readonly kind: "delay"
  readonly delay: number | string
} | {
  readonly kind: "hang" | "drop" | "reset" | "malformed" | "html" | "wrongIds" | "badSignature"
  readonly delay?: number | string | undefined
} | {
  readonly kind: "truncate"
  readonly contentLength?: "full" | "sent" | undefined
  readonly delay?: number | string | undefined
} | {
  readonly kind: "status"
  readonly status: number
  readonly delay?: number | string | undefined
} | {
  readonly kind: "drip"
  readonly bytesPerSecond: number
  readonly delay?: number | string | undefined
} | {
  readonly kind: "wrongVersion"
  readonly messageVersion: string
  readonly delay?: number | string | undefined
} | {
  readonly kind: "missing"
  readonly element: string
  readonly delay?: number | string | undefined
} | {
  readonly kind: "extra" | "set"
  readonly element: string
  readonly value: Json
  readonly delay?: number | string | undefined
} | {
  readonly kind: "erro"
  readonly errorCode: string
  readonly errorDetail?: string | undefined
  readonly delay?: number | string | undefined
}

export type PlannedFaultAnswer = {
  readonly link: "Requestor→3DSS" | "3DSS→Requestor" | "3DSS→DS" | "DS→3DSS" | "DS→ACS" | "ACS→DS" | "browser→ACS" | "ACS→browser" | "browser→3DSS" | "3DSS→browser" | "ACS→mail" | "ACS→hook"
  readonly message?: string | undefined
  readonly times: number
  readonly probability: number
  readonly fault: FaultAnswer
}

export type Stub = {
  readonly id: string
  readonly match: {
    readonly card?: string | undefined
    readonly range?: {
      readonly from: string
      readonly to: string
    } | undefined
    readonly endsWith?: string | undefined
    readonly scheme?: string | undefined
    readonly amount?: string | {
      readonly min?: number | undefined
      readonly max?: number | undefined
    } | undefined
    readonly currency?: string | undefined
    readonly merchant?: string | undefined
    readonly cardholderName?: string | undefined
    readonly email?: string | undefined
    readonly device?: string | undefined
    readonly deviceChannel?: "01" | "02" | "03" | undefined
    readonly messageVersion?: string | undefined
    readonly paths?: { readonly [name: string]: string | number | boolean | readonly Json[] | {
        readonly is?: Json | undefined
        readonly oneOf?: readonly Json[] | undefined
        readonly contains?: string | undefined
        readonly startsWith?: string | undefined
        readonly endsWith?: string | undefined
        readonly min?: number | undefined
        readonly max?: number | undefined
        readonly present?: boolean | undefined
      } } | undefined
    readonly merchantName?: string | undefined
    readonly acquirerMerchantID?: string | undefined
    readonly purchaseAmount?: string | undefined
    readonly purchaseCurrency?: string | undefined
    readonly threeDSRequestorID?: string | undefined
    readonly threeDSServerTransID?: string | undefined
    readonly panMask?: string | undefined
  }
  readonly times: number
  /** how many AReqs it still answers */
  readonly left: number
  readonly priority: number
  readonly then: PlanAnswer
  readonly createdAt: number
  readonly expiresAt?: number | undefined
}

export type PlanAnswer = {
  readonly transStatus?: "Y" | "N" | "A" | "U" | "R" | "I" | "C" | "D" | undefined
  readonly transStatusReason?: string | undefined
  readonly eci?: string | undefined
  readonly cardholderInfo?: string | undefined
  readonly delay?: number | string | undefined
  readonly challenge?: {
    readonly kind?: "emailOtp" | "smsOtp" | "pushOtp" | "chooseOtp" | "singleSelect" | "multiSelect" | "oob" | "oobMatch" | "passwordOtp" | "infoOtp" | "infoDecoupled" | undefined
    readonly pageDelay?: number | string | undefined
    readonly ending?: {
      readonly transStatus: "Y" | "N" | "A" | "U" | "R" | "D"
      readonly transStatusReason?: string | undefined
      readonly challengeCancel?: string | undefined
      readonly on: "start" | "page" | "answer"
      readonly after?: number | string | undefined
    } | undefined
    readonly appSeenAfter?: number | "never" | undefined
    readonly prompts?: readonly ("trustList" | "deviceBinding")[] | undefined
    readonly play?: readonly ({
      readonly do: "open" | "submit" | "wrong" | "select" | "resend" | "otherWay" | "continue" | "cancel" | "approve" | "refuse" | "trust" | "abandon"
      readonly after?: number | string | undefined
      readonly value?: string | undefined
    })[] | undefined
  } | undefined
  readonly decoupled?: {
    readonly result: "Y" | "N" | "none"
    readonly afterSeconds?: number | undefined
  } | undefined
  readonly rreq?: {
    readonly when: "beforeCRes" | "afterCRes" | "insteadOfCRes" | "afterReturn" | "never"
    readonly delay?: number | string | undefined
    readonly copies: number
  } | undefined
  readonly faults?: readonly PlannedFaultAnswer[] | undefined
  readonly teach?: boolean | undefined
}

export type FaultRule = {
  readonly id: string
  readonly link: "Requestor→3DSS" | "3DSS→Requestor" | "3DSS→DS" | "DS→3DSS" | "DS→ACS" | "ACS→DS" | "browser→ACS" | "ACS→browser" | "browser→3DSS" | "3DSS→browser" | "ACS→mail" | "ACS→hook"
  readonly message?: string | undefined
  readonly match?: {
    readonly threeDSServerTransID?: string | undefined
    readonly acsTransID?: string | undefined
  } | undefined
  readonly times: number
  /** how many messages it will still meet; 0: it is used up */
  readonly left: number
  /** how many it has met */
  readonly met: number
  readonly probability: number
  readonly fault: FaultAnswer
  /** it came with the plan of a transaction */
  readonly planned: boolean
  readonly createdAt: number
  readonly expiresAt?: number | undefined
}

export type ChallengeState = {
  readonly acsTransID: string
  readonly phase: "awaitingFirstCReq" | "awaitingAnswer" | "awaitingDecoupled" | "ended"
  /** how the cardholder is asked */
  readonly kind?: "emailOtp" | "smsOtp" | "pushOtp" | "chooseOtp" | "singleSelect" | "multiSelect" | "oob" | "oobMatch" | "passwordOtp" | "infoOtp" | "infoDecoupled" | undefined
  /** what the cardholder has in front of them */
  readonly screen?: "code" | "choose" | "question" | "pictures" | "app" | "appMatch" | "entries" | "info" | undefined
  /** what the page says of the last input: wrong, expired, empty, resent, … */
  readonly hint?: string | undefined
  readonly triesLeft?: number | undefined
  /** what the screen wants to know */
  readonly asks?: {
    /** what can be selected, and what is right */
    readonly options?: readonly {
      readonly key: string
      readonly text: string
      readonly isRight: boolean
    }[] | undefined
    /** what every cardholder of this issuer knows */
    readonly password?: string | undefined
    /** where the code went; it is in the inbox */
    readonly channel?: "email" | "sms" | "push" | undefined
    /** asked beside */
    readonly prompts?: readonly ("trustList" | "deviceBinding")[] | undefined
    /** the banking app answers, not the page */
    readonly inApp?: true | undefined
  } | undefined
  /** when it ends by itself */
  readonly until?: string | undefined
  readonly verdict?: {
    readonly transStatus: string
    readonly transStatusReason?: string | undefined
    readonly challengeCancel?: string | undefined
    readonly interactionCounter: number
    /** by the clock of the tenant */
    readonly at: string
    /** a plan said so, whatever the cardholder did */
    readonly isPlanned: boolean
    /** what the plan asked for and the version cannot say */
    readonly bent?: readonly {
      readonly element: string
      readonly asked: string
    }[] | undefined
  } | undefined
  /** how the RReq fared */
  readonly delivery?: "pending" | "delivered" | "late" | "refused" | "gaveUp" | "lost" | undefined
  /** the form that sends the browser back to the shop */
  readonly back?: {
    readonly notificationURL: string
    /** base64url, the value of the form field `cres` */
    readonly cres: string
    readonly threeDSSessionData?: string | undefined
  } | undefined
  /** how the form fared at the notificationURL; absent: it was not posted by this call */
  readonly returned?: {
    /** HTTP status of the answer; redirects are not followed */
    readonly status?: number | undefined
    /** why there was none */
    readonly problem?: string | undefined
  } | undefined
  /** what befell it on purpose */
  readonly fault?: string | undefined
}

export type Approval = {
  readonly acsTransID: string
  readonly way: "oob" | "oobMatch" | "decoupled"
  /** answered: the page of the shop has still to learn of it; notYet: that page is not open; over: too late */
  readonly state: "open" | "answered" | "notYet" | "over"
  /** when the AReq came */
  readonly at: string
  /** when it ends by itself */
  readonly until?: string | undefined
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly panMask: string
  /** keyed id of the card */
  readonly card: string
  readonly holder: string
  readonly scheme: string
  /** id of the issuer */
  readonly issuer: string
  /** what is asked beside */
  readonly prompts: readonly ("trustList" | "deviceBinding")[]
  /** oobMatch: the number of the page, what the app offers, and how often one may be chosen */
  readonly match?: {
    readonly shown: string
    readonly choices: readonly string[]
    readonly left: number
  } | undefined
  readonly answered?: "approve" | "refuse" | undefined
  /** what the cardholder of a scenario does by themselves */
  readonly planned?: {
    /** by the clock of the tenant */
    readonly at: string
    readonly decision: "approve" | "refuse"
  } | undefined
  readonly ending?: "approved" | "refused" | "cancelled" | "expired" | "ended" | undefined
  readonly verdict?: {
    readonly transStatus: string
    readonly transStatusReason?: string | undefined
    readonly challengeCancel?: string | undefined
    /** by the clock of the tenant */
    readonly at: string
  } | undefined
}

export type InboxMessage = {
  readonly id: number
  /** by the clock of the tenant */
  readonly at: string
  readonly channel: "email" | "sms" | "push"
  readonly via: "inbox" | "smtp"
  readonly to: string
  readonly subject: string
  readonly text: string
  /** the one-time code; a push note has none */
  readonly code?: string | undefined
  readonly acsTransID: string
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly panMask: string
  readonly language: "en" | "ja"
}

export type Card = {
  /** keyed id of the card; it stands for the number in addresses */
  readonly id: string
  readonly mask: string
  readonly scheme: string
  readonly holder: string
  readonly email: string
  readonly phone?: string | undefined
  readonly language: "en" | "ja"
  readonly methods: readonly string[]
  /** shops on the trust list of the holder */
  readonly trusts: readonly ({
    readonly acquirerMerchantID: string
    readonly merchantName?: string | undefined
    /** since when, by the clock of the tenant */
    readonly at: string
  })[]
  /** devices that the holder has bound */
  readonly devices: readonly {
    readonly id: string
    readonly name: string
    readonly at: string
  }[]
  readonly blocked: boolean
  readonly stolen: boolean
  readonly expired: boolean
  /** wrong codes of today */
  readonly failures: number
  readonly locked: boolean
  /** false: a made-up cardholder of the ranges */
  readonly isRegistered: boolean
}

export type PolicyRelease = {
  readonly id: number
  readonly at: number
  readonly hash: string
  /** start: it was started with it; file: the file changed while it ran */
  readonly kind: "start" | "file" | "published" | "rolledBack"
  readonly name: string
  readonly version: number
  /** whose token it was: operator or tenant; api: nobody needs one; start, file: by itself */
  readonly by: string
  readonly note?: string | undefined
  readonly file?: string | undefined
  /** the release that was gone back to */
  readonly of?: number | undefined
  /** it decides now */
  readonly runs: boolean
}

export type PolicyDraft = {
  readonly text: string
  /** hash of the policy that ran when it was begun */
  readonly basedOn: string
  /** counted with every change */
  readonly revision: number
  readonly at: number
  /** whose token it was: operator or tenant; api: nobody needs one; start, file: by itself */
  readonly by: string
  /** none: it can be published */
  readonly problems: readonly ({
    readonly path: string
    readonly message: string
    readonly line?: number | undefined
    readonly column?: number | undefined
  })[]
  /** another policy runs by now than the one it was begun with */
  readonly isStale: boolean
}

export type BackTest = {
  readonly running: {
    readonly name: string
    readonly version: number
    readonly hash: string
  }
  readonly draft: {
    readonly name: string
    readonly version: number
    readonly hash: string
  }
  /** time of the oldest payment that was looked at */
  readonly from?: number | undefined
  readonly until?: number | undefined
  readonly searched: number
  /** payments that could be decided again */
  readonly replayed: number
  readonly notReplayed: {
    /** kept by a release that did not keep enough */
    readonly older: number
    /** of another set of features */
    readonly features: number
  }
  /** decided again, but the draft counts networks and browsers, which was not done for them */
  readonly withoutCounts: number
  /** what the draft changes and what is not asked again: the issuer’s home and rates, forwarding and networks */
  readonly notWeighed: readonly ("issuer" | "tables")[]
  /** false: there are more payments of that time */
  readonly isComplete: boolean
  /** counts; stored: what the engine decided then, whoever was asked */
  readonly outcomes: readonly {
    readonly transStatus: string
    readonly stored: number
    readonly running: number
    readonly draft: number
  }[]
  readonly moves: readonly {
    readonly from: string
    readonly to: string
    readonly count: number
  }[]
  /** of payments with a label */
  readonly labels: readonly ({
    readonly kind: "fraud" | "confirmedGood"
    readonly count: number
    /** let pass without a challenge */
    readonly running: number
    readonly draft: number
  })[]
  readonly changed: number
  /** newest first; at most 200 of those that change */
  readonly payments: readonly ({
    readonly acsTransID: string
    readonly at: number
    readonly panMask: string
    readonly merchantName?: string | undefined
    readonly purchaseAmount?: string | undefined
    readonly purchaseCurrency?: string | undefined
    readonly purchaseExponent?: string | undefined
    readonly label?: "fraud" | "confirmedGood" | undefined
    readonly stored: {
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly score: number
    }
    readonly running: {
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly score: number
    }
    readonly draft: {
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly score: number
    }
    readonly why: {
      readonly weights: readonly {
        readonly part: string
        readonly from: number
        readonly to: number
      }[]
      /** by the draft only */
      readonly applied: readonly string[]
      /** by the running policy only */
      readonly noLonger: readonly string[]
      readonly thresholds?: {
        readonly from: readonly number[]
        readonly to: readonly number[]
      } | undefined
    }
  })[]
}

export type ListEntry = {
  readonly id: number
  readonly kind: "ip" | "card" | "email" | "device" | "phone" | "shipTo" | "merchant" | "mcc" | "country" | "merchantCountry"
  /** what belongs to a person is masked */
  readonly value: string
  readonly isHashed: boolean
  readonly reason: string
  readonly from?: string | undefined
  readonly until?: string | undefined
  /** by the clock of the tenant */
  readonly force: "inForce" | "notYet" | "over"
  readonly at: number
  /** whose token it was: operator or tenant; api: nobody needs one; start, file: by itself */
  readonly by: string
}

export type ExplainedDecision = {
  readonly acsTransID: string
  readonly at: number
  /** of the ARes */
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly decidedBy: "stub" | "override" | "scenario" | "engine"
  readonly deciders: readonly ({
    readonly by: "stub" | "override" | "scenario" | "engine"
    readonly isChosen: boolean
    readonly outcome: {
      readonly transStatus?: string | undefined
      readonly [name: string]: unknown
    } | null
    readonly why: {
      readonly en: string
      readonly ja: string
    }
  })[]
  readonly score: number
  /** the score as a probability */
  readonly probability: number
  readonly base: number
  /** of the segment */
  readonly thresholds: {
    readonly challenge: number
    readonly reject: number
  }
  readonly band: "low" | "medium" | "high"
  readonly segment?: string | undefined
  readonly policy: {
    readonly name: string
    readonly hash?: string | undefined
    /** false: its text is not here; rules and what would have changed it are of the running one */
    readonly isOfTheDay: boolean
  }
  /** base and weights, added in this order, are the score exactly */
  readonly contributions: readonly ({
    readonly checkId: string
    readonly title: {
      readonly en: string
      readonly ja: string
    }
    readonly family?: "cardholder" | "merchant" | "environment" | "behaviour" | undefined
    /** what it reads, and whether that was told; notAsked: the version or channel does not have it */
    readonly reads: readonly ({
      readonly path: string
      readonly presence?: "present" | "absent" | "notAsked" | undefined
    })[]
    readonly code?: string | undefined
    /** log-odds */
    readonly weight: number
    readonly sentence: {
      readonly en: string
      readonly ja: string
    }
    /** of a model or the scorecard: what the features added */
    readonly features?: readonly ({
      readonly feature: string
      readonly value: number | null
      readonly weight: number
    })[] | undefined
  })[]
  /** checks that abstained, and why */
  readonly silent: readonly ({
    readonly checkId: string
    readonly title: {
      readonly en: string
      readonly ja: string
    }
    readonly family?: "cardholder" | "merchant" | "environment" | "behaviour" | undefined
    /** what it reads, and whether that was told; notAsked: the version or channel does not have it */
    readonly reads: readonly ({
      readonly path: string
      readonly presence?: "present" | "absent" | "notAsked" | undefined
    })[]
    readonly reason: {
      readonly en: string
      readonly ja: string
    }
  })[]
  readonly scorers: readonly ({
    readonly id: string
    readonly kind: string
    readonly name: string
    readonly version: string
    readonly hash: string
    readonly calibrator: string
    readonly weight: number
    /** not there: it abstained */
    readonly contribution?: number | undefined
  })[]
  /** what the engine decided, or would have */
  readonly engine: {
    readonly action: string
    readonly transStatus: string
    readonly transStatusReason?: string | undefined
    readonly because: readonly string[]
  }
  /** what screenings of shops said, each with what it was worth */
  readonly assessments: readonly ({
    readonly source: string
    readonly door: "areq" | "ahead" | "asked" | "module"
    readonly verdict: "OK" | "REVIEW" | "NG" | "HOLD"
    readonly score?: number | undefined
    readonly reasons: readonly string[]
    /** how long asking took */
    readonly ms?: number | undefined
    /** payments that it had spoken of, and whose end was known by then */
    readonly labelled: {
      readonly good: number
      readonly fraud: number
    }
    /** log-odds by its record, before trust and limits of the policy */
    readonly evidence?: number | undefined
    /** log-odds as they counted */
    readonly weight: number
    /** what the engine would have decided without it */
    readonly without?: {
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly action: string
      readonly band: "low" | "medium" | "high"
      readonly score: number
    } | undefined
  })[]
  /** who was not heard, and why */
  readonly unheard: readonly ({
    readonly door: "areq" | "ahead" | "asked" | "module"
    readonly source?: string | undefined
    readonly ms?: number | undefined
    /** what went wrong with the question on purpose */
    readonly fault?: string | undefined
    readonly problem: "timeout" | "unreachable" | "circuitOpen" | "badStatus" | "tooLarge" | "malformed" | "schema" | "unknownSource" | "badSignature" | "replayed" | "expired" | "notYetValid" | "tooOld" | "otherTransaction" | "moduleFailed"
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  })[]
  /** had nobody been heard; not there: nobody was */
  readonly withoutAll?: {
    readonly transStatus: string
    readonly transStatusReason?: string | undefined
    readonly action: string
    readonly band: "low" | "medium" | "high"
    readonly score: number
  } | undefined
  /** the screenings and our own evidence contradict each other; log-odds of both */
  readonly conflict?: {
    readonly mode: "cautious" | "calibrated" | "ours" | "theirs"
    readonly own: number
    readonly theirs: number
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  } | undefined
  /** what was applied after the score, in order */
  readonly steps: readonly {
    readonly code: string
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  }[]
  /** rules of the policy that applied */
  readonly rules: readonly ({
    readonly id: string
    readonly when: Json
    readonly outcome: Json
    readonly text: {
      readonly en: string
      readonly ja: string
    }
    readonly cite?: string | undefined
    readonly note?: string | undefined
  })[]
  readonly families: { readonly [name: string]: {
      readonly weight: number
      readonly isEstablished: boolean
      readonly checks: readonly string[]
    } }
  /** what was known with this card before */
  readonly links: readonly {
    readonly code: string
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  }[]
  readonly riskEvents: readonly {
    readonly code: string
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  }[]
  /** the engine decides the same from the record; not there: the record does not hold all of it */
  readonly isReplayed?: boolean | undefined
  readonly counterfactual: {
    readonly controllable?: "merchant" | "cardholder" | "history" | undefined
    readonly smallest?: {
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly score: number
      readonly sentence: {
        readonly en: string
        readonly ja: string
      }
      /** nothing smaller was found by a search through all single changes and all pairs */
      readonly isSmallest: boolean
      readonly changes: readonly ({
        readonly id: string
        readonly by: "merchant" | "cardholder" | "history"
        readonly text: {
          readonly en: string
          readonly ja: string
        }
        readonly paths: readonly string[]
      })[]
      /** what is otherwise: features, facts and what was asked, by the names that conditions have for them */
      readonly differences: readonly {
        readonly name: string
        readonly from: Json
        readonly to: Json
      }[]
    } | undefined
    /** one for each other outcome that there is a way to */
    readonly others: readonly ({
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly score: number
      readonly sentence: {
        readonly en: string
        readonly ja: string
      }
      /** nothing smaller was found by a search through all single changes and all pairs */
      readonly isSmallest: boolean
      readonly changes: readonly ({
        readonly id: string
        readonly by: "merchant" | "cardholder" | "history"
        readonly text: {
          readonly en: string
          readonly ja: string
        }
        readonly paths: readonly string[]
      })[]
      /** what is otherwise: features, facts and what was asked, by the names that conditions have for them */
      readonly differences: readonly {
        readonly name: string
        readonly from: Json
        readonly to: Json
      }[]
    })[]
    readonly tried: number
    /** why there is none */
    readonly missing?: {
      readonly en: string
      readonly ja: string
    } | undefined
  }
}

export type ExplainedAReq = {
  readonly panMask: string
  readonly at: number
  /** what the ARes would say */
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly decidedBy: "stub" | "override" | "scenario" | "engine"
  readonly score: number
  /** the score as a probability */
  readonly probability: number
  readonly base: number
  /** of the segment */
  readonly thresholds: {
    readonly challenge: number
    readonly reject: number
  }
  readonly band: "low" | "medium" | "high"
  readonly segment?: string | undefined
  readonly policy: {
    readonly name: string
    readonly hash?: string | undefined
    /** false: its text is not here; rules and what would have changed it are of the running one */
    readonly isOfTheDay: boolean
  }
  /** base and weights, added in this order, are the score exactly */
  readonly contributions: readonly ({
    readonly checkId: string
    readonly title: {
      readonly en: string
      readonly ja: string
    }
    readonly family?: "cardholder" | "merchant" | "environment" | "behaviour" | undefined
    /** what it reads, and whether that was told; notAsked: the version or channel does not have it */
    readonly reads: readonly ({
      readonly path: string
      readonly presence?: "present" | "absent" | "notAsked" | undefined
    })[]
    readonly code?: string | undefined
    /** log-odds */
    readonly weight: number
    readonly sentence: {
      readonly en: string
      readonly ja: string
    }
    /** of a model or the scorecard: what the features added */
    readonly features?: readonly ({
      readonly feature: string
      readonly value: number | null
      readonly weight: number
    })[] | undefined
  })[]
  /** checks that abstained, and why */
  readonly silent: readonly ({
    readonly checkId: string
    readonly title: {
      readonly en: string
      readonly ja: string
    }
    readonly family?: "cardholder" | "merchant" | "environment" | "behaviour" | undefined
    /** what it reads, and whether that was told; notAsked: the version or channel does not have it */
    readonly reads: readonly ({
      readonly path: string
      readonly presence?: "present" | "absent" | "notAsked" | undefined
    })[]
    readonly reason: {
      readonly en: string
      readonly ja: string
    }
  })[]
  readonly scorers: readonly ({
    readonly id: string
    readonly kind: string
    readonly name: string
    readonly version: string
    readonly hash: string
    readonly calibrator: string
    readonly weight: number
    /** not there: it abstained */
    readonly contribution?: number | undefined
  })[]
  /** what the engine decided, or would have */
  readonly engine: {
    readonly action: string
    readonly transStatus: string
    readonly transStatusReason?: string | undefined
    readonly because: readonly string[]
  }
  /** what screenings of shops said, each with what it was worth */
  readonly assessments: readonly ({
    readonly source: string
    readonly door: "areq" | "ahead" | "asked" | "module"
    readonly verdict: "OK" | "REVIEW" | "NG" | "HOLD"
    readonly score?: number | undefined
    readonly reasons: readonly string[]
    /** how long asking took */
    readonly ms?: number | undefined
    /** payments that it had spoken of, and whose end was known by then */
    readonly labelled: {
      readonly good: number
      readonly fraud: number
    }
    /** log-odds by its record, before trust and limits of the policy */
    readonly evidence?: number | undefined
    /** log-odds as they counted */
    readonly weight: number
    /** what the engine would have decided without it */
    readonly without?: {
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly action: string
      readonly band: "low" | "medium" | "high"
      readonly score: number
    } | undefined
  })[]
  /** who was not heard, and why */
  readonly unheard: readonly ({
    readonly door: "areq" | "ahead" | "asked" | "module"
    readonly source?: string | undefined
    readonly ms?: number | undefined
    /** what went wrong with the question on purpose */
    readonly fault?: string | undefined
    readonly problem: "timeout" | "unreachable" | "circuitOpen" | "badStatus" | "tooLarge" | "malformed" | "schema" | "unknownSource" | "badSignature" | "replayed" | "expired" | "notYetValid" | "tooOld" | "otherTransaction" | "moduleFailed"
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  })[]
  /** had nobody been heard; not there: nobody was */
  readonly withoutAll?: {
    readonly transStatus: string
    readonly transStatusReason?: string | undefined
    readonly action: string
    readonly band: "low" | "medium" | "high"
    readonly score: number
  } | undefined
  /** the screenings and our own evidence contradict each other; log-odds of both */
  readonly conflict?: {
    readonly mode: "cautious" | "calibrated" | "ours" | "theirs"
    readonly own: number
    readonly theirs: number
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  } | undefined
  /** what was applied after the score, in order */
  readonly steps: readonly {
    readonly code: string
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  }[]
  /** rules of the policy that applied */
  readonly rules: readonly ({
    readonly id: string
    readonly when: Json
    readonly outcome: Json
    readonly text: {
      readonly en: string
      readonly ja: string
    }
    readonly cite?: string | undefined
    readonly note?: string | undefined
  })[]
  readonly families: { readonly [name: string]: {
      readonly weight: number
      readonly isEstablished: boolean
      readonly checks: readonly string[]
    } }
  /** what was known with this card before */
  readonly links: readonly {
    readonly code: string
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  }[]
  readonly riskEvents: readonly {
    readonly code: string
    readonly text: {
      readonly en: string
      readonly ja: string
    }
  }[]
  /** the engine decides the same from the record; not there: the record does not hold all of it */
  readonly isReplayed?: boolean | undefined
  readonly counterfactual: {
    readonly controllable?: "merchant" | "cardholder" | "history" | undefined
    readonly smallest?: {
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly score: number
      readonly sentence: {
        readonly en: string
        readonly ja: string
      }
      /** nothing smaller was found by a search through all single changes and all pairs */
      readonly isSmallest: boolean
      readonly changes: readonly ({
        readonly id: string
        readonly by: "merchant" | "cardholder" | "history"
        readonly text: {
          readonly en: string
          readonly ja: string
        }
        readonly paths: readonly string[]
      })[]
      /** what is otherwise: features, facts and what was asked, by the names that conditions have for them */
      readonly differences: readonly {
        readonly name: string
        readonly from: Json
        readonly to: Json
      }[]
    } | undefined
    /** one for each other outcome that there is a way to */
    readonly others: readonly ({
      readonly transStatus: string
      readonly transStatusReason?: string | undefined
      readonly score: number
      readonly sentence: {
        readonly en: string
        readonly ja: string
      }
      /** nothing smaller was found by a search through all single changes and all pairs */
      readonly isSmallest: boolean
      readonly changes: readonly ({
        readonly id: string
        readonly by: "merchant" | "cardholder" | "history"
        readonly text: {
          readonly en: string
          readonly ja: string
        }
        readonly paths: readonly string[]
      })[]
      /** what is otherwise: features, facts and what was asked, by the names that conditions have for them */
      readonly differences: readonly {
        readonly name: string
        readonly from: Json
        readonly to: Json
      }[]
    })[]
    readonly tried: number
    /** why there is none */
    readonly missing?: {
      readonly en: string
      readonly ja: string
    } | undefined
  }
}

export type HookSource = {
  readonly name: string
  readonly label: {
    readonly en: string
    readonly ja: string
  }
  readonly doors: readonly ("areq" | "ahead" | "asked" | "module" | "feedback" | "events" | "mail-check")[]
  /** that it may speak about; absent: all */
  readonly merchants?: readonly string[] | undefined
  /** of which kind they are */
  readonly keys: readonly ("secret" | "EC" | "OKP")[]
  /** milliseconds */
  readonly maxAge: number
  readonly vouchesForItself: boolean
  readonly ask?: {
    /** of the address where it is asked */
    readonly origin: string
    /** milliseconds */
    readonly deadline: number
    readonly when: "always" | "named"
    readonly share: readonly string[]
    readonly signed: boolean
    /** it has failed too often, and is not asked for a while */
    readonly isLeftAlone: boolean
  } | undefined
  readonly webhook?: {
    readonly origin: string
    readonly events?: readonly string[] | undefined
  } | undefined
}

export type FeedbackReport = {
  readonly row: number
  /** of the source */
  readonly id: string
  /** cardholder: the answer to an alert */
  readonly source: string
  readonly at: number
  readonly kind: "fraud" | "chargeback" | "confirmedGood" | "review"
  readonly outcome: "labelled" | "kept" | "unmatched"
  readonly acsTransID?: string | undefined
  readonly verdict?: "OK" | "REVIEW" | "NG" | "HOLD" | undefined
  readonly because?: string | undefined
  readonly note?: string | undefined
  readonly listed: readonly {
    readonly id: number
    readonly kind: string
    readonly until: string
  }[]
}

export type SourceReliability = {
  readonly source: string
  readonly good: number
  readonly fraud: number
  readonly verdicts: readonly ({
    readonly verdict: "OK" | "REVIEW" | "NG" | "HOLD"
    readonly good: number
    readonly fraud: number
    /** seen */
    readonly fraudRate: number | null
    /** of 95 % (Wilson) about the rate; null: nothing seen */
    readonly interval: readonly number[] | null
    /** log-odds that the verdict is worth now; absent: the policy weighs none */
    readonly evidence?: number | undefined
  })[]
  /** of those that send a score: what it said, and what came */
  readonly bands: readonly ({
    readonly from: number
    readonly to: number
    /** middle of the band */
    readonly predicted: number
    readonly good: number
    readonly fraud: number
    /** null: nothing to divide by */
    readonly seen: number | null
    /** of 95 % (Wilson) about the rate; null: nothing seen */
    readonly interval: readonly number[] | null
    /** log-odds that a score of the band is worth beside a verdict that says nothing */
    readonly evidence?: number | undefined
  })[]
}

export type MerchantOverlay = {
  /** that runs */
  readonly policy: string
  /** that ask `feature.merchant_fraud_months` */
  readonly rules: readonly {
    readonly id: string
    readonly outcome: { readonly [name: string]: unknown }
    readonly isInForce: boolean
  }[]
  /** the check manifest-fraud-merchant weighs such months, too */
  readonly isScored: boolean
}

export type MerchantStanding = {
  /** keyed id */
  readonly merchant: string
  readonly acquirerMerchantID?: string | undefined
  readonly name?: string | undefined
  /** manifest: above the limit in so many months in a row; rising: in fewer; past: once; clear: never */
  readonly state: "manifest" | "rising" | "past" | "clear"
  /** months above the limit, up to this one or the one before */
  readonly inARow: number
  /** the month in which they were full */
  readonly since?: string | undefined
  readonly months: readonly {
    readonly month: string
    readonly n: number
    readonly yen: number
    readonly isOver: boolean
  }[]
  /** whether a rule of the running policy acts on its payments now; partly: on those that something else is true of, too */
  readonly overlay: "on" | "partly" | "off"
}

export type Webhook = {
  readonly id: number
  readonly at: number
  readonly event: "decision" | "challenge" | "result" | "alert"
  readonly source: string
  /** webhook-id: the same in every try */
  readonly messageId: string
  readonly acsTransID?: string | undefined
  readonly state: "waiting" | "delivered" | "givenUp"
  readonly tries: number
  /** of the next try */
  readonly nextAt?: number | undefined
  readonly attempts: readonly {
    readonly at: number
    readonly durationMs: number
    readonly outcome: string
  }[]
  /** as it is sent; long runs of digits are masked here */
  readonly body: unknown
}

export type JourneyHappening = {
  readonly at: number
  readonly kind: "login" | "order" | "assessment" | "payment" | "challenge" | "alert" | "feedback"
  /** such as failure, placed, NG, or a transStatus */
  readonly what: string
  readonly text: {
    readonly en: string
    readonly ja: string
  }
  readonly source?: string | undefined
  readonly acsTransID?: string | undefined
  readonly orderId?: string | undefined
  /** keyed id */
  readonly device?: string | undefined
  /** of a log-in */
  readonly stepUp?: string | undefined
  /** of an assessment */
  readonly door?: string | undefined
  readonly reasons?: readonly string[] | undefined
  /** of an assessment 0 to 1, of a payment log-odds */
  readonly score?: number | undefined
  readonly payment?: {
    readonly threeDSServerTransID: string
    readonly merchantName?: string | undefined
    readonly purchaseAmount?: string | undefined
    readonly purchaseCurrency?: string | undefined
    readonly purchaseExponent?: string | undefined
    readonly panMask: string
    readonly transStatus: string
    readonly transStatusReason?: string | undefined
    readonly decidedBy: string
    /** what it turned out to be */
    readonly label?: string | undefined
  } | undefined
  /** of an alert */
  readonly channels?: readonly string[] | undefined
  readonly note?: string | undefined
}

export type Experiment = {
  readonly id: string
  readonly name: string
  /** partial: it was stopped, and the report tells of what was through; stopped: there is nothing to show yet */
  readonly state: "running" | "stopping" | "done" | "partial" | "stopped" | "failed"
  /** replay or closedLoop */
  readonly mode: string
  readonly preset: string
  readonly events: number
  readonly variants?: number | undefined
  /** milliseconds since 1970, by the clock of the machine */
  readonly startedAt: number
  readonly endedAt?: number | undefined
  readonly progress?: {
    /** events, tuning, decisions, measures, repeats, files */
    readonly phase: string
    readonly variant?: string | undefined
    readonly done: number
    readonly of: number
    readonly unit: string
    readonly eventsPerSecond?: number | undefined
    /** of this phase */
    readonly secondsLeft?: number | undefined
  } | undefined
  readonly problem?: string | undefined
  readonly hasReport: boolean
  /** it was stopped, and what is through is kept */
  readonly canResume: boolean
}

export type Element = {
  readonly path: string
  readonly name: string
  readonly title: string
  readonly parent?: string | undefined
  readonly children: readonly string[]
  readonly versions: readonly string[]
  readonly messages: readonly string[]
  readonly forms: readonly {
    readonly versions: readonly string[]
    readonly shape: {
      readonly type: string
      readonly [name: string]: unknown
    }
    readonly words: {
      readonly en: string
      readonly ja: string
    }
  }[]
  readonly presence: readonly {
    readonly message: string
    readonly in: { readonly [name: string]: { readonly [name: string]: string } }
  }[]
  readonly use?: { readonly [name: string]: string } | undefined
  readonly conditions: readonly {
    readonly text: string
    readonly [name: string]: unknown
  }[]
  readonly list?: string | undefined
  readonly codes: readonly {
    readonly code: string
    readonly title: string
    readonly versions: readonly string[]
  }[]
  readonly narrowed: readonly {
    readonly version: string
    readonly message: string
    readonly codes: string
  }[]
  readonly dsCodes?: {
    readonly range: string
    readonly versions: readonly string[]
  } | undefined
  readonly reserved: readonly {
    readonly versions: readonly string[]
    readonly ranges: readonly string[]
  }[]
  readonly rules: readonly string[]
  readonly otherNames: readonly ({
    readonly version: string
    readonly name: string
    readonly path?: string | undefined
  })[]
  readonly source: readonly string[]
  readonly note?: string | undefined
  readonly examples: readonly {
    readonly versions: readonly string[]
    readonly message: string
    readonly channel: string
    readonly category: string
    readonly value: Json
  }[]
}

/** What each operation takes and gives. */
export interface Operations {
  /** Transactions, newest first; with view=summary filtered and searched */
  readonly listTransactions: {
    readonly takes: {
      readonly query?: {
        /** full (default), or summary: lines of a list */
        readonly view?: "full" | "summary" | undefined
        readonly limit?: number | undefined
        /** `next` of an earlier answer */
        readonly before?: number | undefined
        /** full only */
        readonly acsTransID?: string | undefined
        /** full only */
        readonly threeDSServerTransID?: string | undefined
        /** full only */
        readonly dsTransID?: string | undefined
        /** in a summary several, with commas */
        readonly transStatus?: string | undefined
        /** words that are all found: merchant, ids, last four digits, amount, reason */
        readonly q?: string | undefined
        /** of the RReq; several, with commas */
        readonly resultStatus?: string | undefined
        /** stub, override, scenario, engine; several, with commas */
        readonly decidedBy?: string | undefined
        readonly scheme?: string | undefined
        /** part of the name */
        readonly merchant?: string | undefined
        /** keyed id */
        readonly card?: string | undefined
        /** ISO 4217, letters or digits */
        readonly currency?: string | undefined
        /** ISO 8601 or milliseconds since 1970, included */
        readonly from?: string | undefined
        /** ISO 8601 or milliseconds since 1970, included */
        readonly to?: string | undefined
        /** major units */
        readonly minAmount?: string | undefined
        /** major units */
        readonly maxAmount?: string | undefined
      }
    }
    readonly gives: {
      readonly transactions: readonly Transaction[]
      readonly next?: number | undefined
      /** transactions that were looked through */
      readonly searched?: number | undefined
    }
  }
  /** A transaction with all that is known of it: messages, evidence, deciders, timeline */
  readonly getTransaction: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
    }
    readonly gives: WholeTransaction
  }
  /** What is new or changed, as it happens (server-sent events) */
  readonly getEvents: {
    readonly takes: { readonly body?: never }
    readonly gives: Response
  }
  /** Counts, rates and percentiles */
  readonly getStats: {
    readonly takes: {
      readonly query?: {
        /** ISO 8601 or milliseconds since 1970, included */
        readonly from?: string | number | undefined
        /** ISO 8601 or milliseconds since 1970, included */
        readonly to?: string | number | undefined
        readonly scheme?: string | undefined
        /** part of the name */
        readonly merchant?: string | undefined
        /** ISO 4217, letters or digits */
        readonly currency?: string | undefined
      }
    }
    readonly gives: {
      readonly from: number | null
      readonly to: number | null
      /** transactions that were looked through */
      readonly searched: number
      /** false: there are more than one request looks through */
      readonly isComplete: boolean
      readonly count: number
      /** all but those answered U */
      readonly decided: number
      readonly outcomes: {
        readonly Y: number
        readonly N: number
        readonly A: number
        readonly U: number
        readonly R: number
        readonly I: number
        readonly C: number
        readonly D: number
      }
      readonly rates: {
        readonly frictionless: {
          readonly count: number
          readonly of: number
          /** null: nothing to divide by */
          readonly rate: number | null
        }
        readonly challenge: {
          readonly count: number
          readonly of: number
          /** null: nothing to divide by */
          readonly rate: number | null
        }
        readonly completion: {
          readonly count: number
          readonly of: number
          /** null: nothing to divide by */
          readonly rate: number | null
        }
        readonly decline: {
          readonly count: number
          readonly of: number
          /** null: nothing to divide by */
          readonly rate: number | null
        }
        readonly challengeSuccess: {
          readonly count: number
          readonly of: number
          /** null: nothing to divide by */
          readonly rate: number | null
        }
      }
      readonly reasons: readonly {
        readonly transStatus: string
        readonly transStatusReason: string
        readonly count: number
        readonly text: {
          readonly en: string
          readonly ja: string
        }
      }[]
      readonly challenges: {
        readonly open: number
        readonly passed: number
        readonly failed: number
        readonly cancelled: number
        readonly timedOut: number
        readonly error: number
      }
      readonly latencyMs: {
        readonly count: number
        /** nearest rank in milliseconds; null: nothing was measured */
        readonly p50: number | null
        /** nearest rank in milliseconds; null: nothing was measured */
        readonly p90: number | null
        /** nearest rank in milliseconds; null: nothing was measured */
        readonly p95: number | null
        /** nearest rank in milliseconds; null: nothing was measured */
        readonly p99: number | null
        /** nearest rank in milliseconds; null: nothing was measured */
        readonly max: number | null
      }
      readonly by: {
        readonly scheme: readonly ({
          readonly key: string
          readonly label: string
          readonly count: number
          readonly frictionless: number
          readonly challenge: number
          readonly decline: number
          readonly other: number
          readonly challengePassed: number
          readonly challengeEnded: number
          /** nearest rank in milliseconds; null: nothing was measured */
          readonly p50: number | null
          /** nearest rank in milliseconds; null: nothing was measured */
          readonly p95: number | null
        })[]
        readonly merchant: readonly ({
          readonly key: string
          readonly label: string
          readonly count: number
          readonly frictionless: number
          readonly challenge: number
          readonly decline: number
          readonly other: number
          readonly challengePassed: number
          readonly challengeEnded: number
          /** nearest rank in milliseconds; null: nothing was measured */
          readonly p50: number | null
          /** nearest rank in milliseconds; null: nothing was measured */
          readonly p95: number | null
        })[]
        readonly amountBand: readonly ({
          readonly key: string
          readonly label: string
          readonly count: number
          readonly frictionless: number
          readonly challenge: number
          readonly decline: number
          readonly other: number
          readonly challengePassed: number
          readonly challengeEnded: number
          /** nearest rank in milliseconds; null: nothing was measured */
          readonly p50: number | null
          /** nearest rank in milliseconds; null: nothing was measured */
          readonly p95: number | null
        })[]
        readonly decidedBy: readonly ({
          readonly key: string
          readonly label: string
          readonly count: number
          readonly frictionless: number
          readonly challenge: number
          readonly decline: number
          readonly other: number
          readonly challengePassed: number
          readonly challengeEnded: number
          /** nearest rank in milliseconds; null: nothing was measured */
          readonly p50: number | null
          /** nearest rank in milliseconds; null: nothing was measured */
          readonly p95: number | null
        })[]
      }
      readonly series: readonly ({
        readonly at: number
        readonly frictionless: number
        readonly challenge: number
        readonly decline: number
        readonly other: number
        /** nearest rank in milliseconds; null: nothing was measured */
        readonly p95: number | null
      })[]
    }
  }
  /** Whether an authenticationValue is the one that the ACS gave */
  readonly verifyAuthenticationValue: {
    readonly takes: {
      readonly body: {
        readonly authenticationValue: string
        readonly acsTransID?: string | undefined
        readonly dsTransID?: string | undefined
        readonly purchaseAmount?: string | undefined
        readonly purchaseCurrency?: string | undefined
        readonly transStatus?: "Y" | "N" | "A" | "U" | "R" | "I" | "C" | "D" | undefined
        readonly acctNumber?: string | undefined
      }
    }
    readonly gives: {
      readonly valid: boolean
      readonly why: "matches" | "unknownTransaction" | "noValue" | "malformed" | "differs" | "disagrees"
      /** claims that are not those of the transaction */
      readonly disagrees?: readonly string[] | undefined
      readonly acsTransID?: string | undefined
      readonly dsTransID?: string | undefined
      readonly transStatus?: string | undefined
      readonly eci?: string | undefined
      readonly scheme?: string | undefined
      /** as the scheme calls the value */
      readonly name?: string | undefined
      readonly algorithm?: {
        readonly mac: string
        readonly fields: readonly string[]
        readonly separator: string
        readonly octets: number
        readonly lead: string
        readonly encoding: string
      } | undefined
    }
  }
  /** The scenario table with card ranges and cards to try */
  readonly getScenarios: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly ranges: readonly ({
        readonly from: string
        readonly to: string
        readonly scheme: string
        readonly mode: "scripted" | "risk"
        readonly issuer?: string | undefined
      })[]
      readonly scenarios: readonly Scenario[]
      readonly cards: readonly {
        readonly acctNumber: string
        readonly what: string
        readonly whatJa: string
      }[]
      /** the table as it was written */
      readonly yaml: string
      /** whether it was put in the place of the one from the start */
      readonly isReplaced: boolean
    }
  }
  /** Put another table in its place, from the next AReq on */
  readonly replaceScenarios: {
    readonly takes: {
      readonly body: string | {
        readonly yaml: string
      }
    }
    readonly gives: {
      readonly ranges: readonly ({
        readonly from: string
        readonly to: string
        readonly scheme: string
        readonly mode: "scripted" | "risk"
        readonly issuer?: string | undefined
      })[]
      readonly scenarios: readonly Scenario[]
      readonly cards: readonly {
        readonly acctNumber: string
        readonly what: string
        readonly whatJa: string
      }[]
      /** the table as it was written */
      readonly yaml: string
      /** whether it was put in the place of the one from the start */
      readonly isReplaced: boolean
    }
  }
  /** Take the table from the start again */
  readonly restoreScenarios: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly ranges: readonly ({
        readonly from: string
        readonly to: string
        readonly scheme: string
        readonly mode: "scripted" | "risk"
        readonly issuer?: string | undefined
      })[]
      readonly scenarios: readonly Scenario[]
      readonly cards: readonly {
        readonly acctNumber: string
        readonly what: string
        readonly whatJa: string
      }[]
      /** the table as it was written */
      readonly yaml: string
      /** whether it was put in the place of the one from the start */
      readonly isReplaced: boolean
    }
  }
  /** The table from the start, whatever has been put in its place */
  readonly getDefaultScenarios: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly yaml: string
    }
  }
  /** What is wrong with a table; nothing is changed */
  readonly checkScenarios: {
    readonly takes: {
      readonly body: string | {
        readonly yaml: string
      }
    }
    readonly gives: {
      readonly problems: readonly ({
        readonly path: string
        readonly message: string
        readonly line?: number | undefined
        readonly column?: number | undefined
      })[]
    }
  }
  /** Who would decide about a card, or about an AReq */
  readonly matchScenario: {
    readonly takes: {
      readonly body: {
        readonly acctNumber?: string | undefined
        readonly areq?: { readonly [name: string]: Json } | undefined
        /** of a card by itself; 2.2.0 */
        readonly messageVersion?: "2.1.0" | "2.2.0" | "2.3.1" | undefined
      }
    }
    readonly gives: {
      readonly panMask: string
      readonly range: {
        readonly from: string
        readonly to: string
        readonly scheme: string
        readonly mode: "scripted" | "risk"
        readonly issuer?: string | undefined
      } | null
      readonly scenario: {
        /** name of the row: its ending, or its title */
        readonly scenario: string
        readonly title: string
        readonly titleJa?: string | undefined
        readonly transStatus?: "Y" | "N" | "A" | "U" | "R" | "I" | "C" | "D" | undefined
        readonly transStatusReason?: string | undefined
        readonly then: PlanTemplate
      } | null
      readonly nearMiss?: {
        readonly scenario: string
        readonly code: string
      } | undefined
      readonly card: {
        readonly id: string
        readonly isRegistered: boolean
        readonly state: "active" | "expired" | "stolen" | "blocked"
        readonly locked: boolean
      } | null
      /** id of the stub that would be used */
      readonly stub?: string | undefined
      /** what would be answered */
      readonly transStatus?: string | undefined
      readonly transStatusReason?: string | undefined
      readonly engine?: {
        readonly transStatus: string
        readonly transStatusReason?: string | undefined
        readonly band: "low" | "medium" | "high"
        readonly score: number
        readonly because: readonly string[]
      } | undefined
    }
  }
  /** Planned answers that wait, in the order they are asked */
  readonly listStubs: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly stubs: readonly Stub[]
    }
  }
  /** Plan an answer for the next AReqs that match */
  readonly addStub: {
    readonly takes: {
      readonly body: {
        /** what an AReq has to be like; all of it has to fit. Elements by their own names are compared as they are written */
        readonly match: {
          readonly acctNumber?: string | undefined
          readonly card?: string | undefined
          readonly range?: {
            readonly from: string
            readonly to: string
          } | undefined
          readonly endsWith?: string | undefined
          readonly scheme?: string | undefined
          readonly amount?: string | {
            readonly min?: number | undefined
            readonly max?: number | undefined
          } | undefined
          readonly currency?: string | undefined
          readonly merchant?: string | undefined
          readonly cardholderName?: string | undefined
          readonly email?: string | undefined
          readonly device?: string | undefined
          readonly deviceChannel?: "01" | "02" | "03" | undefined
          readonly messageVersion?: string | undefined
          readonly paths?: { readonly [name: string]: string | number | boolean | readonly Json[] | {
              readonly is?: Json | undefined
              readonly oneOf?: readonly Json[] | undefined
              readonly contains?: string | undefined
              readonly startsWith?: string | undefined
              readonly endsWith?: string | undefined
              readonly min?: number | undefined
              readonly max?: number | undefined
              readonly present?: boolean | undefined
            } } | undefined
          readonly merchantName?: string | undefined
          readonly acquirerMerchantID?: string | undefined
          readonly purchaseAmount?: string | undefined
          readonly purchaseCurrency?: string | undefined
          readonly threeDSRequestorID?: string | undefined
          readonly threeDSServerTransID?: string | undefined
        }
        /** how many AReqs it answers */
        readonly times?: number | undefined
        /** the higher goes first; among equals the older */
        readonly priority?: number | undefined
        readonly then: Plan
        readonly expiresAt?: string | number | undefined
        /** such as 10m, by the clock of the tenant */
        readonly expiresIn?: number | string | undefined
      }
    }
    readonly gives: Stub
  }
  /** Take all planned answers back */
  readonly deleteStubs: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly deleted: number
    }
  }
  /** One planned answer */
  readonly getStub: {
    readonly takes: {
      readonly params: {
        readonly id: string | number
      }
    }
    readonly gives: Stub
  }
  /** Take a planned answer back */
  readonly deleteStub: {
    readonly takes: {
      readonly params: {
        readonly id: string | number
      }
    }
    readonly gives: undefined
  }
  /** Have something go wrong on purpose */
  readonly addFault: {
    readonly takes: {
      readonly body: NewFaultRule
    }
    readonly gives: FaultRule
  }
  /** Faults that wait, and the last ones that are used up */
  readonly listFaults: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly faults: readonly FaultRule[]
    }
  }
  /** Take all back, those of plans included */
  readonly deleteFaults: {
    readonly takes: { readonly body?: never }
    readonly gives: undefined
  }
  /** One of them */
  readonly getFault: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
    }
    readonly gives: FaultRule
  }
  /** Take one back */
  readonly deleteFault: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
    }
    readonly gives: undefined
  }
  /** Where a challenge stands */
  readonly getChallenge: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
    }
    readonly gives: ChallengeState
  }
  /** Do what the cardholder would do, without a browser */
  readonly driveChallenge: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
      readonly body: {
        readonly action: "open" | "submit" | "verify" | "wrong" | "select" | "otherWay" | "continue" | "resend" | "cancel" | "approve" | "refuse" | "trust" | "abandon" | "expire"
        /** what is entered or selected, keys with commas; absent: what is right */
        readonly value?: string | undefined
        /** the code */
        readonly otp?: string | undefined
        readonly password?: string | undefined
        /** keys */
        readonly selected?: readonly string[] | undefined
        /** the answer to the prompt */
        readonly trustList?: boolean | undefined
        /** the answer to the prompt */
        readonly deviceBinding?: boolean | undefined
        /** challengeWindowSize of the CReq (05, or as it was) */
        readonly windowSize?: "01" | "02" | "03" | "04" | "05" | undefined
        /** beside the CReq */
        readonly threeDSSessionData?: string | undefined
        /** whether the final form is posted to the notificationURL; absent: where no browser is there to do it */
        readonly post?: boolean | undefined
      }
    }
    readonly gives: ChallengeState
  }
  /** What waits for the banking app: out of band and decoupled, newest first */
  readonly listApprovals: {
    readonly takes: {
      readonly query?: {
        /** only those of this card */
        readonly card?: string | undefined
      }
    }
    readonly gives: {
      readonly approvals: readonly Approval[]
    }
  }
  /** One of them, wherever it stands */
  readonly getApproval: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
    }
    readonly gives: Approval
  }
  /** Approve or refuse, as the cardholder would in the banking app */
  readonly decideApproval: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
      readonly body: {
        readonly decision: "approve" | "refuse"
        /** yes or no to the trust list, where that is asked */
        readonly trustList?: boolean | undefined
        readonly deviceBinding?: boolean | undefined
        /** oobMatch: the number that is chosen */
        readonly number?: string | undefined
      }
    }
    readonly gives: Approval
  }
  /** Messages to cardholders, newest first */
  readonly listInbox: {
    readonly takes: {
      readonly query?: {
        readonly limit?: number | undefined
        readonly acsTransID?: string | undefined
        readonly channel?: "email" | "sms" | "push" | undefined
        /** at this time or later, by the clock of the tenant */
        readonly since?: string | number | undefined
        /** only messages with a greater id */
        readonly after?: number | undefined
        /** such as 5s: where there is nothing that fits, the answer waits so long for it, by the clock on the wall */
        readonly wait?: number | string | undefined
      }
    }
    readonly gives: {
      readonly messages: readonly InboxMessage[]
    }
  }
  /** Delete all messages; codes stay valid */
  readonly clearInbox: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly deleted: number
    }
  }
  /** The latest one-time code: of a transaction, or of all */
  readonly latestCode: {
    readonly takes: {
      readonly query?: {
        readonly acsTransID?: string | undefined
        readonly threeDSServerTransID?: string | undefined
        /** such as 5s: where there is nothing that fits, the answer waits so long for it, by the clock on the wall */
        readonly wait?: number | string | undefined
      }
    }
    readonly gives: InboxMessage
  }
  /** One message */
  readonly getInboxMessage: {
    readonly takes: {
      readonly params: {
        readonly id: string | number
      }
    }
    readonly gives: InboxMessage
  }
  /** Delete a message */
  readonly deleteInboxMessage: {
    readonly takes: {
      readonly params: {
        readonly id: string | number
      }
    }
    readonly gives: undefined
  }
  /** The register of cards */
  readonly listCards: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly cards: readonly Card[]
    }
  }
  /** Find or make the row of a card, by its number */
  readonly findCard: {
    readonly takes: {
      readonly body: {
        readonly holder?: string | undefined
        readonly email?: string | undefined
        readonly phone?: string | null | undefined
        readonly language?: "en" | "ja" | undefined
        readonly methods?: readonly ("emailOtp" | "smsOtp" | "pushOtp" | "chooseOtp" | "singleSelect" | "multiSelect" | "oob" | "oobMatch" | "passwordOtp" | "infoOtp" | "infoDecoupled")[] | undefined
        readonly blocked?: boolean | undefined
        readonly stolen?: boolean | undefined
        readonly expired?: boolean | undefined
        /** the whole trust list; shops that are on it keep their time */
        readonly trusts?: readonly ({
          readonly acquirerMerchantID: string
          readonly merchantName?: string | undefined
        })[] | undefined
        /** all bound devices, by the keyed ids that the register shows */
        readonly devices?: readonly ({
          readonly id: string
          readonly name?: string | undefined
        })[] | undefined
        /** forget the wrong codes that locked the card */
        readonly unlock?: true | undefined
        readonly acctNumber: string
      }
    }
    readonly gives: Card
  }
  /** One card */
  readonly getCard: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
    }
    readonly gives: Card
  }
  /** Change a card: address, methods, trust list, devices, blocked, stolen, expired, unlock */
  readonly changeCard: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
      readonly body: {
        readonly holder?: string | undefined
        readonly email?: string | undefined
        readonly phone?: string | null | undefined
        readonly language?: "en" | "ja" | undefined
        readonly methods?: readonly ("emailOtp" | "smsOtp" | "pushOtp" | "chooseOtp" | "singleSelect" | "multiSelect" | "oob" | "oobMatch" | "passwordOtp" | "infoOtp" | "infoDecoupled")[] | undefined
        readonly blocked?: boolean | undefined
        readonly stolen?: boolean | undefined
        readonly expired?: boolean | undefined
        /** the whole trust list; shops that are on it keep their time */
        readonly trusts?: readonly ({
          readonly acquirerMerchantID: string
          readonly merchantName?: string | undefined
        })[] | undefined
        /** all bound devices, by the keyed ids that the register shows */
        readonly devices?: readonly ({
          readonly id: string
          readonly name?: string | undefined
        })[] | undefined
        /** forget the wrong codes that locked the card */
        readonly unlock?: true | undefined
      }
    }
    readonly gives: Card
  }
  /** Messages, newest first */
  readonly searchJournal: {
    readonly takes: {
      readonly query?: {
        readonly acsTransID?: string | undefined
        readonly threeDSServerTransID?: string | undefined
        readonly dsTransID?: string | undefined
        readonly messageType?: string | undefined
        /** of a page or a mail: its `page`, `action` or `event` */
        readonly event?: string | undefined
        /** such as `ACS-DS` */
        readonly link?: string | undefined
        /** of an Erro, or of a finding */
        readonly errorCode?: string | undefined
        /** part of the masked message */
        readonly text?: string | undefined
        /** part of the name of the fault; `any` */
        readonly fault?: string | undefined
        /** `path=value`, also several times */
        readonly element?: string | readonly string[] | undefined
        /** ISO 8601 or milliseconds since 1970, by the clock of the tenant */
        readonly from?: string | number | undefined
        readonly to?: string | number | undefined
        readonly limit?: number | undefined
        /** `next` of an earlier answer */
        readonly before?: string | undefined
      }
    }
    readonly gives: {
      readonly entries: readonly ({
        readonly id: number | string
        readonly by: string
        readonly at: number
        readonly link: string
        readonly messageType?: string | undefined
        readonly message?: unknown | undefined
        readonly raw?: string | undefined
        readonly problem?: string | undefined
        readonly headers?: { readonly [name: string]: string } | undefined
        readonly httpStatus?: number | undefined
        readonly durationMs?: number | undefined
        readonly findings?: readonly {
          readonly errorCode: string
          readonly element: string
          readonly rule: string
        }[] | undefined
        readonly fault?: string | undefined
        readonly sent?: unknown | undefined
        readonly acsTransID?: string | undefined
        readonly threeDSServerTransID?: string | undefined
        readonly dsTransID?: string | undefined
        readonly decidedBy?: string | undefined
        readonly seen?: readonly ({
          readonly by: string
          readonly at: number
          readonly durationMs?: number | undefined
        })[] | undefined
      })[]
      /** there may be more before this */
      readonly next?: string | undefined
      /** rows that were looked at */
      readonly searched: number
    }
  }
  /** Messages as they come (server-sent events) */
  readonly tailJournal: {
    readonly takes: {
      readonly query?: {
        readonly acsTransID?: string | undefined
        readonly threeDSServerTransID?: string | undefined
        readonly dsTransID?: string | undefined
        readonly messageType?: string | undefined
        /** of a page or a mail: its `page`, `action` or `event` */
        readonly event?: string | undefined
        /** such as `ACS-DS` */
        readonly link?: string | undefined
        /** of an Erro, or of a finding */
        readonly errorCode?: string | undefined
        /** part of the masked message */
        readonly text?: string | undefined
        /** part of the name of the fault; `any` */
        readonly fault?: string | undefined
        /** `path=value`, also several times */
        readonly element?: string | readonly string[] | undefined
        /** how many of the newest entries come first */
        readonly last?: number | undefined
      }
    }
    readonly gives: Response
  }
  /** A run as one file (lines of JSON) */
  readonly exportJournal: {
    readonly takes: {
      readonly query?: {
        readonly form?: "file" | "canonical" | undefined
        /** transactions that began then or later */
        readonly from?: string | number | undefined
        readonly to?: string | number | undefined
        /** one transaction only */
        readonly acsTransID?: string | undefined
      }
    }
    readonly gives: string
  }
  /** Take in a run that was exported */
  readonly importJournal: {
    readonly takes: {
      readonly body: string
    }
    readonly gives: {
      /** where the run comes from */
      readonly tenant: string
      readonly transactions: number
      readonly messages: number
    }
  }
  /** Compare two runs, message by message and field by field */
  readonly diffJournal: {
    readonly takes: {
      readonly body: {
        readonly a?: string | undefined
        readonly b: string
        /** names or paths of elements */
        readonly ignore?: readonly string[] | undefined
        /** ids have to be the same, not only to stand for the same */
        readonly strictIds?: boolean | undefined
        /** compare times; otherwise where both clocks were frozen */
        readonly times?: boolean | undefined
      }
    }
    readonly gives: {
      readonly isEqual: boolean
      readonly transactions: {
        readonly a: number
        readonly b: number
      }
      readonly differences: readonly ({
        readonly kind: "changed" | "onlyInA" | "onlyInB"
        readonly position: number
        readonly acsTransID?: string | undefined
        readonly changes: readonly ({
          readonly path: string
          readonly a?: unknown | undefined
          readonly b?: unknown | undefined
        })[]
        readonly messages: readonly ({
          readonly kind: "changed" | "onlyInA" | "onlyInB"
          readonly position: number
          readonly link: string
          readonly messageType?: string | undefined
          readonly changes: readonly ({
            readonly path: string
            readonly a?: unknown | undefined
            readonly b?: unknown | undefined
          })[]
          readonly message?: unknown | undefined
        })[]
      })[]
      /** for people */
      readonly text: string
    }
  }
  /** Assert that messages were exchanged, or were not */
  readonly verifyJournal: {
    readonly takes: {
      readonly query?: {
        /** true: 409 where it is not so, for curl -f */
        readonly fail?: "true" | "false" | undefined
      }
      readonly body: {
        readonly match?: {
          readonly messageType?: string | undefined
          readonly event?: string | undefined
          readonly link?: string | undefined
          readonly acsTransID?: string | undefined
          readonly threeDSServerTransID?: string | undefined
          readonly dsTransID?: string | undefined
          readonly errorCode?: string | undefined
          readonly text?: string | undefined
          readonly fault?: string | undefined
          readonly where?: { readonly [name: string]: {
              readonly is?: Json | undefined
              readonly not?: Json | undefined
              readonly oneOf?: readonly Json[] | undefined
              readonly contains?: string | undefined
              readonly startsWith?: string | undefined
              readonly endsWith?: string | undefined
              readonly min?: number | undefined
              readonly max?: number | undefined
              readonly present?: boolean | undefined
            } | Json } | undefined
        } | undefined
        readonly count?: number | {
          readonly min?: number | undefined
          readonly max?: number | undefined
        } | undefined
        readonly order?: readonly ({
          readonly messageType?: string | undefined
          readonly event?: string | undefined
          readonly link?: string | undefined
          readonly acsTransID?: string | undefined
          readonly threeDSServerTransID?: string | undefined
          readonly dsTransID?: string | undefined
          readonly errorCode?: string | undefined
          readonly text?: string | undefined
          readonly fault?: string | undefined
          readonly where?: { readonly [name: string]: {
              readonly is?: Json | undefined
              readonly not?: Json | undefined
              readonly oneOf?: readonly Json[] | undefined
              readonly contains?: string | undefined
              readonly startsWith?: string | undefined
              readonly endsWith?: string | undefined
              readonly min?: number | undefined
              readonly max?: number | undefined
              readonly present?: boolean | undefined
            } | Json } | undefined
        })[] | undefined
        readonly within?: number | string | undefined
      }
    }
    readonly gives: {
      readonly ok: boolean
      /** in words */
      readonly expected: string
      /** how many messages fit */
      readonly count: number
      /** the first 50 of them */
      readonly found: readonly ({
        readonly id: number | string
        readonly by: string
        readonly at: number
        readonly link: string
        readonly messageType?: string | undefined
        readonly message?: unknown | undefined
        readonly raw?: string | undefined
        readonly problem?: string | undefined
        readonly headers?: { readonly [name: string]: string } | undefined
        readonly httpStatus?: number | undefined
        readonly durationMs?: number | undefined
        readonly findings?: readonly {
          readonly errorCode: string
          readonly element: string
          readonly rule: string
        }[] | undefined
        readonly fault?: string | undefined
        readonly sent?: unknown | undefined
        readonly acsTransID?: string | undefined
        readonly threeDSServerTransID?: string | undefined
        readonly dsTransID?: string | undefined
        readonly decidedBy?: string | undefined
        readonly seen?: readonly ({
          readonly by: string
          readonly at: number
          readonly durationMs?: number | undefined
        })[] | undefined
      })[]
      /** what was expected, what came nearest, and where it differs */
      readonly difference?: string | undefined
      readonly waitedMs: number
    }
  }
  /** What time it is for this tenant */
  readonly readClock: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      /** run: with the time of the machine; frozen: it stands */
      readonly mode: "run" | "frozen"
      readonly now: string
      /** how far it is from the time of the machine */
      readonly offsetMs: number
    }
  }
  /** Advance, set, freeze the clock, or let it run */
  readonly moveClock: {
    readonly takes: {
      readonly body: {
        /** by so much, such as "10m" */
        readonly advance?: number | string | undefined
        /** to a later moment, ISO 8601 or milliseconds since 1970 */
        readonly set?: string | number | undefined
        /** it stands */
        readonly freeze?: true | undefined
        /** with freeze: at a later moment */
        readonly at?: string | number | undefined
        /** it goes on from where it stands */
        readonly run?: true | undefined
      }
    }
    readonly gives: {
      /** run: with the time of the machine; frozen: it stands */
      readonly mode: "run" | "frozen"
      readonly now: string
      /** how far it is from the time of the machine */
      readonly offsetMs: number
    }
  }
  /** The tenant whose path this is */
  readonly readTenant: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly name: string
      /** its public address; with /api/v1, /console, /inbox and /acs/areq below it */
      readonly url: string
      /** ids, codes and chance follow from it */
      readonly seed?: string | undefined
      /** used from the next reset on; null: none */
      readonly nextSeed?: string | null | undefined
      /** whether requests may say themselves how they are answered */
      readonly overrides: boolean
      /** whether it has a token of its own */
      readonly hasToken: boolean
      /** whether it has a risk policy of its own */
      readonly hasPolicy: boolean
      /** by the clock of the machine */
      readonly createdAt: string
      readonly clock: {
        /** run: with the time of the machine; frozen: it stands */
        readonly mode: "run" | "frozen"
        readonly now: string
        /** how far it is from the time of the machine */
        readonly offsetMs: number
      }
      /** planned answers do not change what the risk engine knows */
      readonly learnsFromStubs: false
    }
  }
  /** Change settings of this tenant; what is not named stays */
  readonly changeTenant: {
    readonly takes: {
      readonly body: {
        /** whether requests may say themselves how they are answered */
        readonly overrides?: boolean | undefined
        /** used from the next reset on; null: none of its own */
        readonly seed?: string | null | undefined
        /** needed from now on, as Bearer; kept as a digest; null: none. The token of the operator opens every tenant */
        readonly token?: string | null | undefined
      }
    }
    readonly gives: {
      readonly name: string
      /** its public address; with /api/v1, /console, /inbox and /acs/areq below it */
      readonly url: string
      /** ids, codes and chance follow from it */
      readonly seed?: string | undefined
      /** used from the next reset on; null: none */
      readonly nextSeed?: string | null | undefined
      /** whether requests may say themselves how they are answered */
      readonly overrides: boolean
      /** whether it has a token of its own */
      readonly hasToken: boolean
      /** whether it has a risk policy of its own */
      readonly hasPolicy: boolean
      /** by the clock of the machine */
      readonly createdAt: string
      readonly clock: {
        /** run: with the time of the machine; frozen: it stands */
        readonly mode: "run" | "frozen"
        readonly now: string
        /** how far it is from the time of the machine */
        readonly offsetMs: number
      }
      /** planned answers do not change what the risk engine knows */
      readonly learnsFromStubs: false
    }
  }
  /** Drop this tenant with all that it holds */
  readonly dropTenant: {
    readonly takes: { readonly body?: never }
    readonly gives: undefined
  }
  /** Drop all that this tenant holds, and begin again */
  readonly resetTenant: {
    readonly takes: {
      readonly body: {
        /** another seed from now on; null: none of its own */
        readonly seed?: string | null | undefined
        /** how its clock begins; otherwise as that of a new tenant */
        readonly clock?: {
          readonly mode: "run" | "frozen"
          readonly now?: string | number | undefined
        } | undefined
        /** a risk policy of its own (YAML) from now on; null: that of the program */
        readonly policy?: string | null | undefined
        /** whether a scenario table of its own is kept */
        readonly scenarios?: "keep" | "default" | undefined
      }
    }
    readonly gives: {
      readonly name: string
      /** its public address; with /api/v1, /console, /inbox and /acs/areq below it */
      readonly url: string
      /** ids, codes and chance follow from it */
      readonly seed?: string | undefined
      /** used from the next reset on; null: none */
      readonly nextSeed?: string | null | undefined
      /** whether requests may say themselves how they are answered */
      readonly overrides: boolean
      /** whether it has a token of its own */
      readonly hasToken: boolean
      /** whether it has a risk policy of its own */
      readonly hasPolicy: boolean
      /** by the clock of the machine */
      readonly createdAt: string
      readonly clock: {
        /** run: with the time of the machine; frozen: it stands */
        readonly mode: "run" | "frozen"
        readonly now: string
        /** how far it is from the time of the machine */
        readonly offsetMs: number
      }
      /** planned answers do not change what the risk engine knows */
      readonly learnsFromStubs: false
    }
  }
  /** All tenants; for the operator, on the bare path */
  readonly listTenants: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      /** how many there may be besides the default one */
      readonly most: number
      readonly tenants: readonly ({
        readonly name: string
        /** its public address; with /api/v1, /console, /inbox and /acs/areq below it */
        readonly url: string
        /** ids, codes and chance follow from it */
        readonly seed?: string | undefined
        /** used from the next reset on; null: none */
        readonly nextSeed?: string | null | undefined
        /** whether requests may say themselves how they are answered */
        readonly overrides: boolean
        /** whether it has a token of its own */
        readonly hasToken: boolean
        /** whether it has a risk policy of its own */
        readonly hasPolicy: boolean
        /** by the clock of the machine */
        readonly createdAt: string
        readonly clock: {
          /** run: with the time of the machine; frozen: it stands */
          readonly mode: "run" | "frozen"
          readonly now: string
          /** how far it is from the time of the machine */
          readonly offsetMs: number
        }
        /** planned answers do not change what the risk engine knows */
        readonly learnsFromStubs: false
        readonly isOpen: true
      } | {
        readonly name: string
        readonly url: string
        readonly isOpen: false
      })[]
    }
  }
  /** Make a tenant, or change its settings; for the operator, on the bare path */
  readonly makeTenant: {
    readonly takes: {
      readonly params: {
        readonly name: string
      }
      readonly body: {
        /** whether requests may say themselves how they are answered */
        readonly overrides?: boolean | undefined
        /** used from the next reset on; null: none of its own */
        readonly seed?: string | null | undefined
        /** needed from now on, as Bearer; kept as a digest; null: none. The token of the operator opens every tenant */
        readonly token?: string | null | undefined
      }
    }
    readonly gives: {
      readonly name: string
      /** its public address; with /api/v1, /console, /inbox and /acs/areq below it */
      readonly url: string
      /** ids, codes and chance follow from it */
      readonly seed?: string | undefined
      /** used from the next reset on; null: none */
      readonly nextSeed?: string | null | undefined
      /** whether requests may say themselves how they are answered */
      readonly overrides: boolean
      /** whether it has a token of its own */
      readonly hasToken: boolean
      /** whether it has a risk policy of its own */
      readonly hasPolicy: boolean
      /** by the clock of the machine */
      readonly createdAt: string
      readonly clock: {
        /** run: with the time of the machine; frozen: it stands */
        readonly mode: "run" | "frozen"
        readonly now: string
        /** how far it is from the time of the machine */
        readonly offsetMs: number
      }
      /** planned answers do not change what the risk engine knows */
      readonly learnsFromStubs: false
    }
  }
  /** Drop a tenant with all that it holds; for the operator, on the bare path */
  readonly dropTenantByName: {
    readonly takes: {
      readonly params: {
        readonly name: string
      }
    }
    readonly gives: undefined
  }
  /** The running policy of the risk engine, with every check in words */
  readonly getPolicy: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly name: string
      readonly version: number
      readonly file?: string | undefined
      /** log-odds before anything is known of a purchase */
      readonly base: number
      readonly thresholds: {
        readonly challenge: number
        readonly reject: number
      }
      readonly issuer: {
        readonly country: string
        readonly [name: string]: unknown
      }
      readonly lists: { readonly [name: string]: unknown }
      readonly checks: readonly ({
        readonly id: string
        readonly paths: readonly string[]
        readonly span?: Json | undefined
        readonly words?: {
          readonly en: {
            readonly title: string
            readonly about: string
          }
          readonly ja: {
            readonly title: string
            readonly about: string
          }
        } | undefined
        readonly params: readonly ({
          readonly path: string
          readonly value?: Json | undefined
          readonly words?: {
            readonly en: string
            readonly ja: string
          } | undefined
        })[]
      })[]
      readonly scorecard: readonly ({
        readonly feature: string
        readonly weight: number
        readonly cap?: number | undefined
      })[]
      readonly rules: readonly ({
        readonly id: string
        readonly when: { readonly [name: string]: unknown }
        readonly outcome: { readonly [name: string]: unknown }
        readonly cite?: string | undefined
        readonly note?: string | undefined
      })[]
      readonly exemptions: { readonly [name: string]: unknown }
    }
  }
  /** The policy that runs, the draft, and what is wrong with the file of --policy */
  readonly getPolicies: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly running: PolicyRelease
      /** of the policy that runs */
      readonly text: string
      readonly draft: PolicyDraft | null
      /** the file cannot be used as it is now; the policy before goes on */
      readonly fileProblem: {
        readonly file: string
        readonly at: number
        readonly problems: readonly ({
          readonly path: string
          readonly message: string
          readonly line?: number | undefined
          readonly column?: number | undefined
        })[]
      } | null
    }
  }
  /** Which policies ran, newest first; the first one runs now */
  readonly listPolicyReleases: {
    readonly takes: {
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly gives: {
      readonly releases: readonly PolicyRelease[]
      readonly next?: number | undefined
    }
  }
  /** A policy that ran, as it was written and, where it can still be read, with every check in words */
  readonly getPolicyText: {
    readonly takes: {
      readonly params: {
        readonly hash: string
      }
    }
    readonly gives: {
      readonly hash: string
      readonly text: string
      readonly policy?: {
        readonly name: string
        readonly version: number
        readonly file?: string | undefined
        /** log-odds before anything is known of a purchase */
        readonly base: number
        readonly thresholds: {
          readonly challenge: number
          readonly reject: number
        }
        readonly issuer: {
          readonly country: string
          readonly [name: string]: unknown
        }
        readonly lists: { readonly [name: string]: unknown }
        readonly checks: readonly ({
          readonly id: string
          readonly paths: readonly string[]
          readonly span?: Json | undefined
          readonly words?: {
            readonly en: {
              readonly title: string
              readonly about: string
            }
            readonly ja: {
              readonly title: string
              readonly about: string
            }
          } | undefined
          readonly params: readonly ({
            readonly path: string
            readonly value?: Json | undefined
            readonly words?: {
              readonly en: string
              readonly ja: string
            } | undefined
          })[]
        })[]
        readonly scorecard: readonly ({
          readonly feature: string
          readonly weight: number
          readonly cap?: number | undefined
        })[]
        readonly rules: readonly ({
          readonly id: string
          readonly when: { readonly [name: string]: unknown }
          readonly outcome: { readonly [name: string]: unknown }
          readonly cite?: string | undefined
          readonly note?: string | undefined
        })[]
        readonly exemptions: { readonly [name: string]: unknown }
      } | undefined
    }
  }
  /** Policies that Sekisho comes with, to begin a draft with */
  readonly listShippedPolicies: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly policies: readonly ({
        readonly name: string
        readonly version: number
        readonly hash: string
        /** what it is for */
        readonly about?: {
          readonly en: string
          readonly ja: string
        } | undefined
      })[]
    }
  }
  /** One of them, as it is written */
  readonly getShippedPolicy: {
    readonly takes: {
      readonly params: {
        readonly name: string
      }
    }
    readonly gives: {
      readonly name: string
      readonly version: number
      readonly hash: string
      /** what it is for */
      readonly about?: {
        readonly en: string
        readonly ja: string
      } | undefined
      readonly text: string
    }
  }
  /** Keep a draft; it need not be valid */
  readonly savePolicyDraft: {
    readonly takes: {
      readonly body: string | {
        /** the policy, YAML */
        readonly text: string
        /** otherwise as before, or the policy that runs */
        readonly basedOn?: string | undefined
        /** of the draft that was changed; 0: there was none */
        readonly revision?: number | undefined
      }
    }
    readonly gives: PolicyDraft
  }
  /** Throw the draft away */
  readonly discardPolicyDraft: {
    readonly takes: { readonly body?: never }
    readonly gives: undefined
  }
  /** What is wrong with a policy; nothing is changed */
  readonly checkPolicy: {
    readonly takes: {
      readonly body: string | {
        /** the policy, YAML */
        readonly text: string
      }
    }
    readonly gives: {
      readonly problems: readonly ({
        readonly path: string
        readonly message: string
        readonly line?: number | undefined
        readonly column?: number | undefined
      })[]
      readonly policy?: {
        readonly name: string
        readonly version: number
        readonly file?: string | undefined
        /** log-odds before anything is known of a purchase */
        readonly base: number
        readonly thresholds: {
          readonly challenge: number
          readonly reject: number
        }
        readonly issuer: {
          readonly country: string
          readonly [name: string]: unknown
        }
        readonly lists: { readonly [name: string]: unknown }
        readonly checks: readonly ({
          readonly id: string
          readonly paths: readonly string[]
          readonly span?: Json | undefined
          readonly words?: {
            readonly en: {
              readonly title: string
              readonly about: string
            }
            readonly ja: {
              readonly title: string
              readonly about: string
            }
          } | undefined
          readonly params: readonly ({
            readonly path: string
            readonly value?: Json | undefined
            readonly words?: {
              readonly en: string
              readonly ja: string
            } | undefined
          })[]
        })[]
        readonly scorecard: readonly ({
          readonly feature: string
          readonly weight: number
          readonly cap?: number | undefined
        })[]
        readonly rules: readonly ({
          readonly id: string
          readonly when: { readonly [name: string]: unknown }
          readonly outcome: { readonly [name: string]: unknown }
          readonly cite?: string | undefined
          readonly note?: string | undefined
        })[]
        readonly exemptions: { readonly [name: string]: unknown }
      } | undefined
    }
  }
  /** A text with one number changed; nothing is kept */
  readonly editPolicy: {
    readonly takes: {
      readonly body: {
        /** the policy, YAML */
        readonly text: string
        /** such as ["thresholds", "challenge"] */
        readonly path: readonly string[]
        readonly value: number
      }
    }
    readonly gives: {
      readonly text: string
    }
  }
  /** Let the draft, or another text, decide from the next AReq on */
  readonly publishPolicy: {
    readonly takes: {
      readonly body: {
        /** otherwise the draft */
        readonly text?: string | undefined
        /** of the policy that it is to take the place of */
        readonly basedOn: string
        /** why, for the history */
        readonly note?: string | undefined
      }
    }
    readonly gives: PolicyRelease
  }
  /** Let the policy of an earlier release decide again */
  readonly rollBackPolicy: {
    readonly takes: {
      readonly params: {
        readonly id: string | number
      }
      readonly body: {
        /** of the policy that runs */
        readonly basedOn?: string | undefined
        /** why, for the history */
        readonly note?: string | undefined
      }
    }
    readonly gives: PolicyRelease
  }
  /** What changes from one policy to another, by name */
  readonly comparePolicies: {
    readonly takes: {
      readonly body: {
        /** otherwise the policy that runs */
        readonly from?: {
          /** the policy, YAML */
          readonly text?: string | undefined
          readonly hash?: string | undefined
          readonly shipped?: string | undefined
        } | undefined
        /** otherwise the draft */
        readonly to?: {
          /** the policy, YAML */
          readonly text?: string | undefined
          readonly hash?: string | undefined
          readonly shipped?: string | undefined
        } | undefined
      }
    }
    readonly gives: {
      readonly changes: readonly ({
        readonly part: string
        readonly path: string
        readonly what: "added" | "removed" | "changed" | "moved"
        readonly from?: Json | undefined
        readonly to?: Json | undefined
      })[]
    }
  }
  /** What a policy would have decided about the stored payments */
  readonly backTestPolicy: {
    readonly takes: {
      readonly body: {
        /** otherwise the draft */
        readonly text?: string | undefined
        readonly hash?: string | undefined
        readonly shipped?: string | undefined
        readonly from?: string | number | undefined
        readonly until?: string | number | undefined
        /** payments at most, newest first */
        readonly limit?: number | undefined
      }
    }
    readonly gives: BackTest
  }
  /** Who changed what in the lists, newest first */
  readonly listListChanges: {
    readonly takes: {
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly gives: {
      readonly changes: readonly ({
        readonly id: number
        readonly at: number
        readonly what: "added" | "changed" | "removed" | "imported"
        readonly list: "allow" | "deny"
        /** whose token it was: operator or tenant; api: nobody needs one; start, file: by itself */
        readonly by: string
        readonly added?: number | undefined
        readonly changed?: number | undefined
        readonly entryId?: number | undefined
        readonly kind?: "ip" | "card" | "email" | "device" | "phone" | "shipTo" | "merchant" | "mcc" | "country" | "merchantCountry" | undefined
        readonly shown?: string | undefined
        readonly reason?: string | undefined
      })[]
      readonly next?: number | undefined
    }
  }
  /** Entries of a list, newest first */
  readonly getList: {
    readonly takes: {
      readonly params: {
        readonly list: "allow" | "deny"
      }
      readonly query?: {
        readonly kind?: "ip" | "card" | "email" | "device" | "phone" | "shipTo" | "merchant" | "mcc" | "country" | "merchantCountry" | undefined
        readonly limit?: number | undefined
        readonly before?: number | undefined
      }
    }
    readonly gives: {
      readonly entries: readonly ListEntry[]
      readonly total: number
      /** entries of the policy that runs, which are not told here */
      readonly ofPolicy: number
      readonly next?: number | undefined
    }
  }
  /** List something */
  readonly addListEntry: {
    readonly takes: {
      readonly params: {
        readonly list: "allow" | "deny"
      }
      readonly body: {
        readonly kind: "ip" | "card" | "email" | "device" | "phone" | "shipTo" | "merchant" | "mcc" | "country" | "merchantCountry"
        /** card number, mail address or domain, address or block, telephone number with +, code, name, or key:… */
        readonly value?: string | undefined
        /** acsTransID: the card, mail box, device, telephone or delivery address of that payment */
        readonly transaction?: string | undefined
        /** why it is listed, for who reads the decision; no names of persons */
        readonly reason: string
        /** in force from this day or time on */
        readonly from?: string | undefined
        /** a day: to its end; a time: up to it */
        readonly until?: string | undefined
      }
    }
    readonly gives: ListEntry
  }
  /** Take an entry off the list */
  readonly removeListEntry: {
    readonly takes: {
      readonly params: {
        readonly list: "allow" | "deny"
        readonly id: string | number
      }
    }
    readonly gives: undefined
  }
  /** A list as CSV: kind, value, reason, from, until, shown */
  readonly exportList: {
    readonly takes: {
      readonly params: {
        readonly list: "allow" | "deny"
      }
    }
    readonly gives: string
  }
  /** Add entries from CSV, all or none */
  readonly importList: {
    readonly takes: {
      readonly params: {
        readonly list: "allow" | "deny"
      }
      readonly body: string | {
        readonly csv: string
      }
    }
    readonly gives: {
      readonly added: number
      readonly changed: number
    }
  }
  /** Why it was decided so, and what would have changed it */
  readonly getDecision: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
      readonly query?: {
        /** only what they could have changed; merchant: what the shop tells or wishes */
        readonly controllable?: "merchant" | "cardholder" | "history" | undefined
      }
    }
    readonly gives: ExplainedDecision
  }
  /** What the engine would decide about an AReq, and why; nothing is kept */
  readonly explainAReq: {
    readonly takes: {
      readonly body: {
        /** elements as they are on the wire */
        readonly areq: { readonly [name: string]: Json }
        /** what the page of the 3DS Method would have told */
        readonly method?: { readonly [name: string]: string | number | boolean | null } | undefined
        /** what a screening of the shop would have told */
        readonly signals?: {
          /** The holder's name in kanji, as the shop has it. */
          readonly kanji?: string | undefined
          /** The holder's name in kana. */
          readonly kana?: string | undefined
          /** The name of whom the goods are sent to, in kanji. */
          readonly receiverKanji?: string | undefined
          /** The same in kana. */
          readonly receiverKana?: string | undefined
          /** The address of delivery as it was typed, in any spelling. */
          readonly rawAddress?: string | undefined
          /** Its postal code. */
          readonly postCode?: string | undefined
          /** An address service knows it, or does not. */
          readonly addressExists?: boolean | undefined
          /** Nobody lives there, says an address service. */
          readonly addressVacant?: boolean | undefined
          /** What kind of place it is. */
          readonly addressKind?: "house" | "flat" | "office" | "hotel" | "weeklyMansion" | "postBox" | "forwarding" | "pickUp" | undefined
          /** 疎通: the number was rung, or asked of the carrier. */
          readonly phoneReachable?: boolean | undefined
          /** The mail server of the address was asked for the box. */
          readonly mailDeliverable?: boolean | undefined
          /** Days since the mail domain was registered. */
          readonly domainAgeDays?: number | undefined
          /** A price that is for new customers only. */
          readonly firstTimeOffer?: boolean | undefined
          /** Failed log-ins at the shop in the last 24 hours. */
          readonly loginFailures?: number | undefined
          /** The password was reset in the last 24 hours. */
          readonly passwordReset?: boolean | undefined
          /** Times in the last 24 hours that more than a password was asked for at the log-in, and not given. */
          readonly stepUpFailures?: number | undefined
          /** Somebody logged in within the last 24 hours with a device that the shop had not seen with this account, and gave nothing more than the password. */
          readonly newDeviceLogin?: boolean | undefined
          /** How the order was typed: counts and times, never what. */
          readonly behaviour?: {
            readonly keys: number
            readonly pastes?: number | undefined
            readonly fills?: number | undefined
            readonly corrections?: number | undefined
            readonly taps?: number | undefined
            readonly scripted?: number | undefined
            readonly unseen?: boolean | undefined
            readonly toFirst?: number | undefined
            readonly total: number
            readonly gapMean?: number | undefined
            readonly gapSpread?: number | undefined
          } | undefined
          /** What a list that merchants share says. */
          readonly sharedList?: readonly ({
            /** What of the purchase is on a list that merchants share. */
            readonly kind: "card" | "device" | "email" | "phone" | "shipTo" | "ip"
            readonly reason: "fraud" | "chargeback" | "abuse" | "takeover" | "nonPayment" | "confirmedGood"
            /** How many merchants have reported it. */
            readonly merchants?: number | undefined
          })[] | undefined
        } | undefined
        /** what screenings of shops would have said */
        readonly assessments?: readonly ({
          readonly source: string
          readonly verdict: "OK" | "REVIEW" | "NG" | "HOLD"
          /** 0 to 1, higher is riskier. */
          readonly score?: number | undefined
          readonly reasons?: readonly string[] | undefined
          readonly signals?: {
            /** The holder's name in kanji, as the shop has it. */
            readonly kanji?: string | undefined
            /** The holder's name in kana. */
            readonly kana?: string | undefined
            /** The name of whom the goods are sent to, in kanji. */
            readonly receiverKanji?: string | undefined
            /** The same in kana. */
            readonly receiverKana?: string | undefined
            /** The address of delivery as it was typed, in any spelling. */
            readonly rawAddress?: string | undefined
            /** Its postal code. */
            readonly postCode?: string | undefined
            /** An address service knows it, or does not. */
            readonly addressExists?: boolean | undefined
            /** Nobody lives there, says an address service. */
            readonly addressVacant?: boolean | undefined
            /** What kind of place it is. */
            readonly addressKind?: "house" | "flat" | "office" | "hotel" | "weeklyMansion" | "postBox" | "forwarding" | "pickUp" | undefined
            /** 疎通: the number was rung, or asked of the carrier. */
            readonly phoneReachable?: boolean | undefined
            /** The mail server of the address was asked for the box. */
            readonly mailDeliverable?: boolean | undefined
            /** Days since the mail domain was registered. */
            readonly domainAgeDays?: number | undefined
            /** A price that is for new customers only. */
            readonly firstTimeOffer?: boolean | undefined
            /** Failed log-ins at the shop in the last 24 hours. */
            readonly loginFailures?: number | undefined
            /** The password was reset in the last 24 hours. */
            readonly passwordReset?: boolean | undefined
            /** Times in the last 24 hours that more than a password was asked for at the log-in, and not given. */
            readonly stepUpFailures?: number | undefined
            /** Somebody logged in within the last 24 hours with a device that the shop had not seen with this account, and gave nothing more than the password. */
            readonly newDeviceLogin?: boolean | undefined
            /** How the order was typed: counts and times, never what. */
            readonly behaviour?: {
              readonly keys: number
              readonly pastes?: number | undefined
              readonly fills?: number | undefined
              readonly corrections?: number | undefined
              readonly taps?: number | undefined
              readonly scripted?: number | undefined
              readonly unseen?: boolean | undefined
              readonly toFirst?: number | undefined
              readonly total: number
              readonly gapMean?: number | undefined
              readonly gapSpread?: number | undefined
            } | undefined
            /** What a list that merchants share says. */
            readonly sharedList?: readonly ({
              /** What of the purchase is on a list that merchants share. */
              readonly kind: "card" | "device" | "email" | "phone" | "shipTo" | "ip"
              readonly reason: "fraud" | "chargeback" | "abuse" | "takeover" | "nonPayment" | "confirmedGood"
              /** How many merchants have reported it. */
              readonly merchants?: number | undefined
            })[] | undefined
          } | undefined
        })[] | undefined
        /** YAML, the hash of a policy that was kept, or the name of a shipped one; the running one otherwise */
        readonly policy?: string | undefined
        /** when it is made; now otherwise */
        readonly at?: string | number | undefined
        /** only what they could have changed; merchant: what the shop tells or wishes */
        readonly controllable?: "merchant" | "cardholder" | "history" | undefined
      }
    }
    readonly gives: ExplainedAReq
  }
  /** Say what a transaction was: fraud, or confirmed by the cardholder */
  readonly labelTransaction: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
      readonly body: {
        readonly kind: "fraud" | "confirmedGood"
        /** for who reads the record; no names of persons */
        readonly note?: string | undefined
      }
    }
    readonly gives: Label
  }
  /** Take back what was said of a transaction, and what it taught */
  readonly unlabelTransaction: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
    }
    readonly gives: undefined
  }
  /** Who may speak at the hook, and how */
  readonly listHookSources: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly sources: readonly HookSource[]
    }
  }
  /** What was told of payments after them, newest first */
  readonly listFeedback: {
    readonly takes: {
      readonly query?: {
        readonly limit?: number | undefined
        readonly before?: number | undefined
        readonly source?: string | undefined
      }
    }
    readonly gives: {
      readonly reports: readonly FeedbackReport[]
      readonly next?: number | undefined
    }
  }
  /** How good each source was: what it said of labelled payments, and what they were */
  readonly getSourceReliability: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly sources: readonly SourceReliability[]
    }
  }
  /** Confirmed fraud by merchant and month, those that matter most first */
  readonly listMerchantFraud: {
    readonly takes: {
      readonly query?: {
        readonly state?: "manifest" | "rising" | "past" | "clear" | undefined
        /** part of name or number */
        readonly q?: string | undefined
      }
    }
    readonly gives: {
      readonly rule: {
        readonly yen: number
        readonly months: number
        readonly thisMonth: string
        readonly timeZone: string
      }
      readonly overlay: MerchantOverlay
      readonly merchants: readonly MerchantStanding[]
    }
  }
  /** The same as CSV, a line for each merchant and month */
  readonly exportMerchantFraud: {
    readonly takes: { readonly body?: never }
    readonly gives: string
  }
  /** Confirmed fraud of one merchant */
  readonly getMerchantFraud: {
    readonly takes: {
      readonly params: {
        readonly merchant: string
      }
    }
    readonly gives: MerchantStanding
  }
  /** What sources were told, or are about to be, newest first */
  readonly listWebhooks: {
    readonly takes: {
      readonly query?: {
        readonly limit?: number | undefined
        readonly before?: number | undefined
        readonly event?: "decision" | "challenge" | "result" | "alert" | undefined
        readonly state?: "waiting" | "delivered" | "givenUp" | undefined
        readonly source?: string | undefined
        readonly acsTransID?: string | undefined
      }
    }
    readonly gives: {
      readonly webhooks: readonly Webhook[]
      readonly next?: number | undefined
    }
  }
  /** One webhook with its tries */
  readonly getWebhook: {
    readonly takes: {
      readonly params: {
        readonly id: string | number
      }
    }
    readonly gives: Webhook
  }
  /** Send it once more: the same id, the same bytes */
  readonly resendWebhook: {
    readonly takes: {
      readonly params: {
        readonly id: string | number
      }
    }
    readonly gives: Webhook
  }
  /** Payments that cardholders were told of, newest first */
  readonly listAlerts: {
    readonly takes: {
      readonly query?: {
        readonly limit?: number | undefined
        readonly before?: number | undefined
      }
    }
    readonly gives: {
      readonly alerts: readonly ({
        readonly acsTransID: string
        readonly reason: "declined" | "unusual" | "listed" | "frictionless"
        /** of the AReq */
        readonly at: number
        readonly sentAt: number
        readonly channels: readonly string[]
        /** of the cardholder; absent: none yet */
        readonly answer?: "mine" | "notMine" | undefined
        readonly answeredAt?: number | undefined
        readonly merchantName?: string | undefined
        readonly purchaseAmount?: string | undefined
        readonly purchaseCurrency?: string | undefined
        readonly purchaseExponent?: string | undefined
        readonly panMask: string
        readonly transStatus: string
        readonly resultStatus?: string | undefined
        /** webhooks that tell merchants of it */
        readonly merchants: readonly ({
          readonly id: number
          readonly source: string
          readonly state: "waiting" | "delivered" | "givenUp"
          readonly at: number
        })[]
      })[]
      readonly next?: number | undefined
    }
  }
  /** Shoppers that something was told of lately */
  readonly listJourneys: {
    readonly takes: {
      readonly query?: {
        readonly limit?: number | undefined
      }
    }
    readonly gives: {
      readonly shoppers: readonly ({
        readonly shopper: string
        readonly at: number
        readonly happenings: number
        /** of its newest payment */
        readonly merchantName?: string | undefined
      })[]
    }
  }
  /** The keyed id of a shopper, by the name that the merchant has for it */
  readonly findJourney: {
    readonly takes: {
      readonly body: {
        readonly acquirerMerchantID: string
        /** acctID of its AReqs */
        readonly shopper: string
      }
    }
    readonly gives: {
      readonly shopper: string
    }
  }
  /** Journeys by what is at hand: the name of a shopper, a card, an order, or an id of the payment */
  readonly searchJourneys: {
    readonly takes: {
      readonly body: {
        readonly q: string
        readonly acquirerMerchantID?: string | undefined
      }
    }
    readonly gives: {
      readonly found: readonly ({
        readonly by: "shopper" | "payment" | "card" | "order"
        readonly shopper?: string | undefined
        readonly acsTransID?: string | undefined
        readonly at: number
        readonly merchantName?: string | undefined
      })[]
    }
  }
  /** The journey that a payment belongs to; where its AReq names no shopper, what is known of the payment */
  readonly getJourneyOfPayment: {
    readonly takes: {
      readonly params: {
        readonly acsTransID: string
      }
      readonly query?: {
        readonly limit?: number | undefined
      }
    }
    readonly gives: {
      readonly shopper?: string | undefined
      readonly acsTransID: string
      readonly happenings: readonly JourneyHappening[]
    }
  }
  /** One shopper at one merchant: log-ins, orders, assessments, payments, challenges, alerts and reports, oldest first */
  readonly getJourney: {
    readonly takes: {
      readonly params: {
        readonly shopper: string
      }
      readonly query?: {
        readonly limit?: number | undefined
      }
    }
    readonly gives: {
      readonly shopper: string
      readonly happenings: readonly JourneyHappening[]
    }
  }
  /** Experiments of this tenant, newest first, and what one may hold */
  readonly listExperiments: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly experiments: readonly Experiment[]
      /** populations that there are */
      readonly presets: readonly string[]
      readonly limits: {
        readonly text: number
        readonly events: number
        readonly decisions: number
        readonly kept: number
      }
    }
  }
  /** Start an experiment */
  readonly startExperiment: {
    readonly takes: {
      readonly body: string | {
        readonly yaml: string
      }
    }
    readonly gives: Experiment
  }
  /** What is wrong with an experiment; nothing is run */
  readonly checkExperiment: {
    readonly takes: {
      readonly body: string | {
        readonly yaml: string
      }
    }
    readonly gives: {
      readonly problems: readonly ({
        readonly path: string
        readonly message: string
        readonly line?: number | undefined
      })[]
    }
  }
  /** How far an experiment is */
  readonly getExperiment: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
    }
    readonly gives: Experiment
  }
  /** Remove an experiment with its results */
  readonly removeExperiment: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
    }
    readonly gives: undefined
  }
  /** An experiment as it was written */
  readonly getExperimentText: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
    }
    readonly gives: {
      readonly yaml: string
    }
  }
  /** Stop an experiment with what is through; asked again, at once */
  readonly stopExperiment: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
    }
    readonly gives: Experiment
  }
  /** Go on with an experiment that was stopped */
  readonly resumeExperiment: {
    readonly takes: {
      readonly params: {
        readonly id: string
      }
    }
    readonly gives: Experiment
  }
  /** The report of an experiment (HTML), or the numbers behind it (JSON) */
  readonly getExperimentFile: {
    readonly takes: {
      readonly params: {
        readonly id: string
        readonly name: "report.html" | "metrics.json" | "manifest.json"
      }
    }
    readonly gives: string
  }
  /** Every element of the messages */
  readonly listElements: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly versions: readonly string[]
      readonly messages: readonly string[]
      readonly channels: readonly string[]
      readonly elements: readonly Element[]
    }
  }
  /** One element, by its path with dots */
  readonly getElement: {
    readonly takes: {
      readonly params: {
        readonly path: string
      }
    }
    readonly gives: Element
  }
  /** Check a message or a recording; nothing of it is kept */
  readonly checkMessages: {
    readonly takes: {
      readonly query?: {
        readonly profile?: "strict" | "lenient" | undefined
        readonly lang?: "en" | "ja" | undefined
        readonly channel?: "01" | "02" | "03" | undefined
        readonly category?: "01" | "02" | undefined
        readonly leg?: "3DSS-DS" | "DS-ACS" | "ACS-DS" | "DS-3DSS" | "SDK-ACS" | "ACS-SDK" | "BRW-ACS" | "ACS-BRW" | undefined
        readonly messageVersion?: "2.1.0" | "2.2.0" | "2.3.1" | undefined
        readonly versions?: string | undefined
        readonly show?: "true" | "false" | undefined
      }
      readonly body: {
        readonly profile?: "strict" | "lenient" | undefined
        readonly lang?: "en" | "ja" | undefined
        readonly channel?: "01" | "02" | "03" | undefined
        readonly category?: "01" | "02" | undefined
        readonly leg?: "3DSS-DS" | "DS-ACS" | "ACS-DS" | "DS-3DSS" | "SDK-ACS" | "ACS-SDK" | "BRW-ACS" | "ACS-BRW" | undefined
        readonly messageVersion?: "2.1.0" | "2.2.0" | "2.3.1" | undefined
        readonly text: string
        readonly versions?: readonly ("2.1.0" | "2.2.0" | "2.3.1")[] | undefined
        readonly show?: boolean | undefined
      }
    }
    readonly gives: {
      readonly kind?: string | undefined
      readonly profile: string
      readonly lang: string
      readonly transactions: readonly {
        readonly index: number
        readonly messages: readonly number[]
      }[]
      readonly messages: readonly ({
        readonly index: number
        readonly where: string
        readonly transaction: number
        readonly line?: number | undefined
        readonly messageType?: string | undefined
        readonly messageVersion?: string | undefined
        readonly deviceChannel?: string | undefined
        readonly messageCategory?: string | undefined
        readonly leg?: string | undefined
        /** which of the above the input did not say */
        readonly assumed: readonly string[]
        /** elements that are not judged, since they are masked */
        readonly masked: readonly string[]
        readonly erro?: {
          readonly errorCode: string
          readonly errorDetail: string
        } | undefined
        readonly findings: readonly ({
          readonly severity: "error" | "warning"
          readonly path: string
          readonly element: string
          readonly errorCode?: string | undefined
          readonly rule: string
          readonly message: string
          readonly expected: string
          /** a value that would pass */
          readonly example?: Json | undefined
          readonly received?: string | undefined
          readonly line?: number | undefined
          readonly column?: number | undefined
          readonly shownLine?: number | undefined
        })[]
        readonly omitted?: {
          readonly errors: number
          readonly warnings: number
        } | undefined
        readonly lines?: readonly string[] | undefined
      })[]
      readonly problems: readonly ({
        readonly fault: string
        readonly where: string
        readonly message: string
        readonly line?: number | undefined
        readonly column?: number | undefined
      })[]
      readonly notes: readonly string[]
      readonly summary: {
        readonly messages: number
        readonly transactions: number
        readonly errors: number
        readonly warnings: number
        readonly problems: number
      }
    }
  }
  /** Version and addresses of this Sekisho, as this tenant has them */
  readonly getAbout: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly version: string
      readonly urls: {
        readonly acs: string
        /** where other servers post AReqs and RReqs */
        readonly servers: string
        readonly shop: string
        readonly threeDSServer: string
      }
    }
  }
  /** This document (OpenAPI 3.1) */
  readonly getOpenApi: {
    readonly takes: { readonly body?: never }
    readonly gives: {
      readonly openapi: string
      readonly [name: string]: unknown
    }
  }
  /** This document as a page to read */
  readonly getDocs: {
    readonly takes: { readonly body?: never }
    readonly gives: string
  }
}

/** Method, path, kind of answer and media type of the body. */
export const routes = {
  listTransactions: ['GET', '/transactions', 'json', ''],
  getTransaction: ['GET', '/transactions/{acsTransID}', 'json', ''],
  getEvents: ['GET', '/events', 'stream', ''],
  getStats: ['GET', '/stats', 'json', ''],
  verifyAuthenticationValue: ['POST', '/authentication-values/verify', 'json', 'application/json'],
  getScenarios: ['GET', '/scenarios', 'json', ''],
  replaceScenarios: ['PUT', '/scenarios', 'json', 'text/yaml'],
  restoreScenarios: ['DELETE', '/scenarios', 'json', ''],
  getDefaultScenarios: ['GET', '/scenarios/default', 'json', ''],
  checkScenarios: ['POST', '/scenarios/check', 'json', 'text/yaml'],
  matchScenario: ['POST', '/scenarios/match', 'json', 'application/json'],
  listStubs: ['GET', '/stubs', 'json', ''],
  addStub: ['POST', '/stubs', 'json', 'application/json'],
  deleteStubs: ['DELETE', '/stubs', 'json', ''],
  getStub: ['GET', '/stubs/{id}', 'json', ''],
  deleteStub: ['DELETE', '/stubs/{id}', 'none', ''],
  addFault: ['POST', '/faults', 'json', 'application/json'],
  listFaults: ['GET', '/faults', 'json', ''],
  deleteFaults: ['DELETE', '/faults', 'none', ''],
  getFault: ['GET', '/faults/{id}', 'json', ''],
  deleteFault: ['DELETE', '/faults/{id}', 'none', ''],
  getChallenge: ['GET', '/transactions/{acsTransID}/challenge', 'json', ''],
  driveChallenge: ['POST', '/transactions/{acsTransID}/challenge', 'json', 'application/json'],
  listApprovals: ['GET', '/approvals', 'json', ''],
  getApproval: ['GET', '/approvals/{acsTransID}', 'json', ''],
  decideApproval: ['POST', '/approvals/{acsTransID}', 'json', 'application/json'],
  listInbox: ['GET', '/inbox', 'json', ''],
  clearInbox: ['DELETE', '/inbox', 'json', ''],
  latestCode: ['GET', '/inbox/latest', 'json', ''],
  getInboxMessage: ['GET', '/inbox/{id}', 'json', ''],
  deleteInboxMessage: ['DELETE', '/inbox/{id}', 'none', ''],
  listCards: ['GET', '/cards', 'json', ''],
  findCard: ['POST', '/cards', 'json', 'application/json'],
  getCard: ['GET', '/cards/{id}', 'json', ''],
  changeCard: ['PUT', '/cards/{id}', 'json', 'application/json'],
  searchJournal: ['GET', '/journal', 'json', ''],
  tailJournal: ['GET', '/journal/tail', 'stream', ''],
  exportJournal: ['GET', '/journal/export', 'text', ''],
  importJournal: ['POST', '/journal/import', 'json', 'application/x-ndjson'],
  diffJournal: ['POST', '/journal/diff', 'json', 'application/json'],
  verifyJournal: ['POST', '/verify', 'json', 'application/json'],
  readClock: ['GET', '/clock', 'json', ''],
  moveClock: ['POST', '/clock', 'json', 'application/json'],
  readTenant: ['GET', '/tenant', 'json', ''],
  changeTenant: ['PUT', '/tenant', 'json', 'application/json'],
  dropTenant: ['DELETE', '/tenant', 'none', ''],
  resetTenant: ['POST', '/reset', 'json', 'application/json'],
  listTenants: ['GET', '/tenants', 'json', ''],
  makeTenant: ['PUT', '/tenants/{name}', 'json', 'application/json'],
  dropTenantByName: ['DELETE', '/tenants/{name}', 'none', ''],
  getPolicy: ['GET', '/policy', 'json', ''],
  getPolicies: ['GET', '/policies', 'json', ''],
  listPolicyReleases: ['GET', '/policies/releases', 'json', ''],
  getPolicyText: ['GET', '/policies/texts/{hash}', 'json', ''],
  listShippedPolicies: ['GET', '/policies/shipped', 'json', ''],
  getShippedPolicy: ['GET', '/policies/shipped/{name}', 'json', ''],
  savePolicyDraft: ['PUT', '/policies/draft', 'json', 'text/yaml'],
  discardPolicyDraft: ['DELETE', '/policies/draft', 'none', ''],
  checkPolicy: ['POST', '/policies/check', 'json', 'text/yaml'],
  editPolicy: ['POST', '/policies/edit', 'json', 'application/json'],
  publishPolicy: ['POST', '/policies/publish', 'json', 'application/json'],
  rollBackPolicy: ['POST', '/policies/releases/{id}/roll-back', 'json', 'application/json'],
  comparePolicies: ['POST', '/policies/diff', 'json', 'application/json'],
  backTestPolicy: ['POST', '/policies/backtest', 'json', 'application/json'],
  listListChanges: ['GET', '/lists/changes', 'json', ''],
  getList: ['GET', '/lists/{list}', 'json', ''],
  addListEntry: ['POST', '/lists/{list}', 'json', 'application/json'],
  removeListEntry: ['DELETE', '/lists/{list}/{id}', 'none', ''],
  exportList: ['GET', '/lists/{list}/csv', 'text', ''],
  importList: ['POST', '/lists/{list}/csv', 'json', 'text/csv'],
  getDecision: ['GET', '/transactions/{acsTransID}/decision', 'json', ''],
  explainAReq: ['POST', '/explain', 'json', 'application/json'],
  labelTransaction: ['PUT', '/transactions/{acsTransID}/label', 'json', 'application/json'],
  unlabelTransaction: ['DELETE', '/transactions/{acsTransID}/label', 'none', ''],
  listHookSources: ['GET', '/hook/sources', 'json', ''],
  listFeedback: ['GET', '/hook/feedback', 'json', ''],
  getSourceReliability: ['GET', '/hook/reliability', 'json', ''],
  listMerchantFraud: ['GET', '/hook/merchants', 'json', ''],
  exportMerchantFraud: ['GET', '/hook/merchants/csv', 'text', ''],
  getMerchantFraud: ['GET', '/hook/merchants/{merchant}', 'json', ''],
  listWebhooks: ['GET', '/hook/webhooks', 'json', ''],
  getWebhook: ['GET', '/hook/webhooks/{id}', 'json', ''],
  resendWebhook: ['POST', '/hook/webhooks/{id}/resend', 'json', ''],
  listAlerts: ['GET', '/hook/alerts', 'json', ''],
  listJourneys: ['GET', '/hook/journeys', 'json', ''],
  findJourney: ['POST', '/hook/journeys/find', 'json', 'application/json'],
  searchJourneys: ['POST', '/hook/journeys/search', 'json', 'application/json'],
  getJourneyOfPayment: ['GET', '/hook/journeys/of/{acsTransID}', 'json', ''],
  getJourney: ['GET', '/hook/journeys/{shopper}', 'json', ''],
  listExperiments: ['GET', '/experiments', 'json', ''],
  startExperiment: ['POST', '/experiments', 'json', 'text/yaml'],
  checkExperiment: ['POST', '/experiments/check', 'json', 'text/yaml'],
  getExperiment: ['GET', '/experiments/{id}', 'json', ''],
  removeExperiment: ['DELETE', '/experiments/{id}', 'none', ''],
  getExperimentText: ['GET', '/experiments/{id}/text', 'json', ''],
  stopExperiment: ['POST', '/experiments/{id}/stop', 'json', ''],
  resumeExperiment: ['POST', '/experiments/{id}/resume', 'json', ''],
  getExperimentFile: ['GET', '/experiments/{id}/files/{name}', 'text', ''],
  listElements: ['GET', '/elements', 'json', ''],
  getElement: ['GET', '/elements/{path}', 'json', ''],
  checkMessages: ['POST', '/lint', 'json', 'application/json'],
  getAbout: ['GET', '/about', 'json', ''],
  getOpenApi: ['GET', '/openapi.json', 'json', ''],
  getDocs: ['GET', '/docs', 'text', ''],
} as const
