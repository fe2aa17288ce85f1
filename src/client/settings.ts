// Made from src/config.ts by `npm run docs`. Edit those, not this file.

/** The settings of docs/configuration.md, by name. */
export interface Settings {
  /** port of the ACS, DS, inbox and API */
  readonly acsPort?: number | string | undefined
  /** port of the shop and the 3DS Server */
  readonly shopPort?: number | string | undefined
  /** serve the shop and the 3DS Server on the ACS port too (/shop, /3ds-server) */
  readonly singlePort?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** address to listen on; localhost means IPv4 and IPv6 loopback */
  readonly host?: string | undefined
  /** how browsers and other parties reach the ACS port, with a path behind a proxy that maps one (default http://localhost:<acs-port>) */
  readonly publicUrl?: string | undefined
  /** how browsers and other parties reach the shop port (default http://127.0.0.1:<shop-port>) */
  readonly shopPublicUrl?: string | undefined
  /** proxies whose X-Forwarded headers are believed: a number of hops, or addresses, comma separated (default: none) */
  readonly trustProxy?: number | readonly string[] | string | undefined
  /** folder of the databases and keys */
  readonly dataDir?: string | undefined
  /** keep everything in memory and forget it at the end */
  readonly ephemeral?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** same ids, codes and decisions in every run; implies --ephemeral, loopback only */
  readonly seed?: string | undefined
  /** take what certified senders really send, or judge by the letter */
  readonly validation?: "lenient" | "strict" | undefined
  /** send codes by this SMTP server, besides the built-in inbox */
  readonly smtpUrl?: string | undefined
  /** sender of the mails with codes */
  readonly smtpFrom?: string | undefined
  /** how much is logged */
  readonly logLevel?: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent" | undefined
  /** token of the admin API and inbox; needed when the host or the public address is not loopback */
  readonly adminToken?: string | undefined
  /** how many tenants there may be besides the default one, below /t/{name} */
  readonly maxTenants?: number | string | undefined
  /** how the clock of a new tenant begins: with the time of the machine, or standing at 2026-01-01T00:00:00Z (default: run; frozen with a seed) */
  readonly clock?: "run" | "frozen" | undefined
  /** let requests say themselves how they are answered, in every tenant that does not say otherwise */
  readonly overrides?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** limit on writing requests of one address to the admin API, over all tenants */
  readonly adminWritesPerMinute?: number | string | undefined
  /** key of the card number hashes (default: made in the data folder) */
  readonly panHashKey?: string | undefined
  /** origins besides loopback that a dsURL may have (where the ACS sends RReqs), comma separated */
  readonly dsOrigins?: readonly string[] | string | undefined
  /** origins besides loopback that a threeDSServerURL may have (where the DS sends RReqs), and a notificationURL (where challenges without a browser return to), comma separated */
  readonly "3dsServerOrigins"?: readonly string[] | string | undefined
  /** parties to run, comma separated: acs, ds, 3ds-server, shop, screening */
  readonly only?: readonly string[] | string | undefined
  /** address of a DS that is not run here, such as http://localhost:9440/ds */
  readonly dsUrl?: string | undefined
  /** address of an ACS that is not run here, such as http://localhost:9440/acs */
  readonly acsUrl?: string | undefined
  /** address of a 3DS Server that is not run here, for the shop, such as http://127.0.0.1:9441/3ds-server */
  readonly "3dsServerUrl"?: string | undefined
  /** address of a screening service that is not run here, for the shop and the ACS, such as http://127.0.0.1:9441/screening */
  readonly screeningUrl?: string | undefined
  /** secret that shop, screening service and ACS sign their messages with (default: made in the data folder) */
  readonly screeningKey?: string | undefined
  /** file with card ranges (YAML): which ACS the DS routes to, which 3DS Method the 3DS Server knows (default: those of the issuer) */
  readonly cardRanges?: string | undefined
  /** https everywhere, with a CA and certificates made in the data folder; servers meet on --mtls-port */
  readonly tls?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** with --tls: port of AReq and RReq, which demands a client certificate */
  readonly mtlsPort?: number | string | undefined
  /** how other servers reach the mTLS port (default https://<host of --public-url>:<mtls-port>) */
  readonly mtlsPublicUrl?: string | undefined
  /** folder of the CA and certificates (default: tls in the data folder) */
  readonly tlsDir?: string | undefined
  /** further host names and addresses for the made certificates, comma separated */
  readonly tlsNames?: readonly string[] | string | undefined
  /** own certificate for browsers, with its chain (PEM file); implies --tls */
  readonly tlsCert?: string | undefined
  /** private key of --tls-cert (PEM file) */
  readonly tlsKey?: string | undefined
  /** CA of other parties (PEM file): outgoing calls believe it, and its clients named by --mtls-clients may come in */
  readonly tlsCa?: string | undefined
  /** own certificate for outgoing calls, with its chain (PEM file; default: a made one per party) */
  readonly tlsClientCert?: string | undefined
  /** private key of --tls-client-cert (PEM file) */
  readonly tlsClientKey?: string | undefined
  /** names (CN or DNS name) of certificates by --tls-ca that may post on the mTLS port, comma separated */
  readonly mtlsClients?: readonly string[] | string | undefined
  /** policy of the risk engine: a file (YAML), read again when it changes, or the name of one that comes with Sekisho, such as rules-jp */
  readonly policy?: string | undefined
  /** file with the sources of the risk hook (YAML): who may speak, with which key, by which door; read again when it changes */
  readonly hookSources?: string | undefined
  /** payments that the cardholder is told of (“was this you?”), comma separated: declined, unusual, listed, frictionless, or none; only what the risk engine decided */
  readonly alerts?: readonly string[] | string | undefined
  /** file of an ES module that is asked about every AReq, in a thread of this process */
  readonly hookModule?: string | undefined
  /** how many milliseconds an AReq waits for the module at most */
  readonly hookModuleDeadline?: number | string | undefined
  /** files of network addresses with their countries and kinds, CSV or MMDB; asked before those that are shipped */
  readonly networkTables?: readonly string[] | string | undefined
  /** a made-up provider tells the risk engine what only others know: whether numbers answer, mail arrives, addresses are lived in */
  readonly simulatedProvider?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** file with card ranges, scenario table and register (YAML); read again when it changes */
  readonly issuer?: string | undefined
  /** cards outside of all ranges that the risk engine decides about: those that providers document for tests, all, or none; others are Erro 305 (ACS-VAL-59) */
  readonly unknownCards?: "test-cards" | "engine" | "refuse" | undefined
  /** messageVersions that are spoken here, comma separated; error 102 lists them (ACS-VAL-9) */
  readonly versions?: readonly string[] | string | undefined
  /** refuse a currency exponent that is not the ISO 4217 one (ACS-VAL-67) */
  readonly exponentCheck?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** refuse a purchaseDate that is more than 30 minutes off in a 2.3.1 AReq (ACS-VAL-156) */
  readonly dateCheck?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** refuse an mcc that is in no list with Erro 306 (ACS-VAL-15) */
  readonly mccCheck?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** send an authenticationValue for non-payment Y and A, too (RES-AV-3) */
  readonly nonPaymentValues?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** what a CReq of 2.3.1 meets that comes again changed, or after the RReq: Erro 305 and 315, or as older versions do (CHL-REP-2, CHL-REP-4) */
  readonly creqRepeats?: "refused" | "taken" | undefined
  /** what an RReq of 2.3.1 says after two tries that did not reach the DS: U by the letter, or the same again (RES-RR-3) */
  readonly rreqRetries?: "letter" | "same" | undefined
  /** whether messages of the ACS are checked by the table before they leave: a breach is logged, or not sent */
  readonly outgoingCheck?: "off" | "log" | "fatal" | undefined
  /** keep messages in clear in the journal; for made-up card data only */
  readonly testData?: boolean | "0" | "1" | "true" | "false" | "" | undefined
  /** limit on messages of one source of the hook, and on refused ones of one address */
  readonly hookRequestsPerMinute?: number | string | undefined
  /** limit on challenge and 3DS Method requests of one address */
  readonly browserRequestsPerMinute?: number | string | undefined
}
