import type { KeyObject } from 'node:crypto';

/** A certificate with its private key, in every form somebody asks for. */
export interface Issued {
  readonly certPem: string;
  /** PKCS#8. */
  readonly keyPem: string;
  readonly certDer: Buffer;
  readonly key: KeyObject;
}

export interface IssueOptions {
  commonName: string;
  /** `rsa` (default) is RSA-2048, `ec` is P-256: far quicker to make, for tests that make many. */
  keyType?: 'rsa' | 'ec';
  /** Private key to certify instead of a fresh one: renewals keep theirs, and fleets of thousands share a few. */
  key?: KeyObject;
  /** Default: an hour ago. */
  notBefore?: Date;
  /** Default: in a year; an authority in ten. */
  notAfter?: Date;
  ca?: boolean;
  /** How many authorities an authority may have below it. Default: any number. */
  pathLength?: number;
  /** The subject's user id (0.9.2342.19200300.100.1.1), where an MDM push certificate says its topic. */
  uid?: string;
  dnsNames?: string[];
  ipAddresses?: string[];
  extendedKeyUsage?: ('clientAuth' | 'serverAuth')[];
  /** Adds the two extensions that Apple marks MDM push certificates with. */
  appleMdmPush?: boolean;
  /** What the issuer signs it with. Default `sha256`. */
  digest?: 'sha1' | 'sha256';
  /** Whether its key may sign, when it is no authority. Default: yes. */
  maySign?: boolean;
  /** Default: 127 random bits. */
  serialNumber?: bigint;
}
