/**
 * The types of those parts of mailauth's results that the check reads. mailauth's own types are incomplete.
 */

export interface Status {
  readonly result: string;
  readonly comment?: string;
  readonly aligned?: string | false;
  readonly underSized?: number;
  readonly policy?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
}

export interface SignatureVerdict {
  readonly status: Status;
  readonly signingDomain?: string;
  readonly selector?: string;
  readonly algo?: string;
  /** The canonicalisation of header and body, e.g. `relaxed/simple`. */
  readonly format?: string;
  readonly bodyHash?: string;
  readonly bodyHashExpecting?: string;
  readonly signingHeaders?: { readonly keys: string };
  readonly modulusLength?: number;
  readonly signature?: string;
  readonly rr?: string;
}

export interface SpfVerdict {
  readonly status: Status;
  readonly domain: string;
  readonly rr?: string;
  readonly lookups?: { readonly count: number; readonly void: number };
}

export interface DmarcVerdict {
  readonly status: Status;
  readonly domain: string;
  readonly policy?: string;
  readonly pct?: number;
  readonly rr?: string;
  readonly error?: string;
  readonly alignment?: {
    readonly spf: { readonly result?: string };
    readonly dkim: { readonly result?: string };
  };
}

export interface Verdicts {
  readonly dkim: { readonly results: readonly SignatureVerdict[]; readonly headerFrom: readonly string[] };
  readonly spf: SpfVerdict | false;
  readonly dmarc: DmarcVerdict | false;
  readonly arc: { readonly i: number | false; readonly status: Status } | false;
  readonly bimi: { readonly status: Status; readonly rr?: string } | false;
  readonly headers: string;
}
