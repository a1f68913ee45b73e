/** A request to the fake APNs and the answer it got. */
export interface ReceivedPush {
  /** As in the path. */
  token: string;
  /** Empty when the body held none. */
  pushMagic: string;
  /** Empty when the header was missing, like the next ones. */
  topic: string;
  apnsId: string;
  pushType: string;
  priority: string;
  /** `apns-expiration`, epoch seconds; NaN when missing. */
  expiration: number;
  body: string;
  /** Every header as it came, pseudo-headers included. */
  headers: Readonly<Record<string, string>>;
  /** What was answered; 0 when the sender left, or hung, before the answer. */
  status: number;
  reason?: string;
  at: Date;
  /** Which connection it came on: 1 is the first since the start. */
  connection: number;
  /** SHA-256 of the client certificate, lowercase hex; undefined when none was presented. */
  certificateSha256: string | undefined;
}

/** An answer for the script. */
export interface ScriptedAnswer {
  status: number;
  /** Apple's word, for the body of a failure. */
  reason?: string;
  /** For a 410: since when the token is no longer valid. */
  timestamp?: Date;
  /** More headers, for example `retry-after`. */
  headers?: Readonly<Record<string, string>>;
  /** Answer this much later. */
  delayMs?: number;
  /** For how many requests; default: until `forget`. */
  times?: number;
}
