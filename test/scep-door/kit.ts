import { createHash, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import type { EnrollmentGrant } from '../../src/services/authority/index.js';
import type { Issued } from '../../simulator/pki.js';
import {
  makePkcsReq,
  makeRenewalReq,
  readCertRep,
  type CertRep,
  type ScepExchange,
  type ScepRequestOptions,
} from '../../simulator/scep/index.js';
import type { Mdm } from '../mdm/kit.js';

/** Making an RSA key takes longer than a test: they are made once, and taken in turns. */
const pool: KeyObject[] = [];

/** A key of its own for who asks; of the same file only. */
export function newKey(bits = 2048): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
}

/** One of a few keys that any number of requests share. */
export function someKey(index = 0): KeyObject {
  return (pool[index] ??= newKey());
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Buffer;
}

/** The door as a client has it: over real HTTP. */
export class ScepClient {
  constructor(private readonly mdm: Mdm) {}

  get caCertificate(): X509Certificate {
    return this.mdm.services.authority.current.certificate;
  }

  async call(query: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.mdm.app.url}/scep${query}`, init);
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, type: response.headers.get('content-type'), body };
  }

  post(message: Buffer, type = 'application/x-pki-message'): Promise<Answer> {
    const headers = type === '' ? {} : { 'content-type': type };
    return this.call('?operation=PKIOperation', { method: 'POST', headers, body: new Uint8Array(message) });
  }

  get(message: Buffer): Promise<Answer> {
    return this.call(`?operation=PKIOperation&message=${encodeURIComponent(message.toString('base64'))}`);
  }

  /** Sends a message and reads the answer as strict clients do. */
  async exchange(exchange: ScepExchange, by: 'get' | 'post' = 'post'): Promise<CertRep> {
    const { status, type, body } = await this[by](exchange.message);
    if (status !== 200 || type !== 'application/x-pki-message')
      throw new Error(`${status} ${type}: ${body.toString()}`);
    return readCertRep(body, exchange);
  }

  /** Asks for a certificate. */
  enrol(o: Partial<ScepRequestOptions> = {}, by: 'get' | 'post' = 'post'): Promise<CertRep> {
    return this.exchange(makePkcsReq({ key: someKey(), caCertificate: this.caCertificate, ...o }), by);
  }

  renew(signer: Issued, key: KeyObject, o: Partial<ScepRequestOptions> = {}): Promise<CertRep> {
    return this.exchange(makeRenewalReq({ key, caCertificate: this.caCertificate, ...o, signer }));
  }

  mint(grant: Partial<EnrollmentGrant> = {}): Promise<string> {
    const { challenges } = this.mdm.services.authority;
    return this.mdm.app.database.transaction((tx) =>
      challenges.mint(tx, { enrollmentProfileUuid: null, ...grant }),
    );
  }

  /** An identity with a challenge of its own, as a simulated device takes it. */
  async identity(key: KeyObject, grant: Partial<EnrollmentGrant> = {}): Promise<Issued> {
    return issued(await this.enrol({ key, challenge: await this.mint(grant) }), key);
  }

  async issuedCount(): Promise<number> {
    const [row] = await this.mdm.query<{ n: number }>('SELECT COUNT(*) AS n FROM issued_certificates');
    return Number(row?.n);
  }
}

/** What an answer brought, with its key. */
export function issued(reply: CertRep, key: KeyObject): Issued {
  if (reply.status !== 'SUCCESS') throw new Error(`Not issued: ${JSON.stringify(reply)}`);
  const certificate = new X509Certificate(reply.certificate);
  return {
    certDer: reply.certificate,
    certPem: certificate.toString(),
    key,
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  } as Issued;
}

export const certificateOf = (reply: CertRep): X509Certificate => {
  if (reply.status !== 'SUCCESS') throw new Error(`Not issued: ${JSON.stringify(reply)}`);
  return new X509Certificate(reply.certificate);
};

export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
