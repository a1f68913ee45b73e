import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https, { type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import {
  createAuthority,
  issueServerCertificate,
  type Issued,
  type IssueOptions,
} from '../../simulator/pki.js';

/** Who vouches for the servers of these tests. */
export const webCa = createAuthority('Web CA', { keyType: 'ec' });

/** A certificate for this machine; told from others by its name. */
export const serverCertificate = (o: Partial<IssueOptions> = {}): Issued => issueServerCertificate(webCa, o);

/** The two files of a server certificate, in a directory of their own. */
export class PairFiles {
  readonly directory = mkdtempSync(join(tmpdir(), 'pomona-tls-'));
  readonly certificate = join(this.directory, 'server.pem');
  readonly key = join(this.directory, 'server.key');

  constructor(pair?: Issued) {
    if (pair !== undefined) this.write(pair);
  }

  write(pair: Issued): void {
    writeFileSync(this.certificate, pair.certPem);
    writeFileSync(this.key, pair.keyPem);
  }

  /** As POMONA_ options without the prefix. */
  get options(): { TLS_CERT_FILE: string; TLS_KEY_FILE: string } {
    return { TLS_CERT_FILE: this.certificate, TLS_KEY_FILE: this.key };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

export interface TlsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The name in the certificate that the server showed. */
  readonly servedBy: string;
  readonly reused: boolean;
}

/** One request over TLS; the server has to be vouched for by `webCa`. */
export function request(
  url: string,
  { body, ...options }: RequestOptions & { body?: string | Buffer } = {},
): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const sent = https.request(url, { ca: webCa.certPem, ...options });
    sent.on('response', (answer) => void read(answer, sent.reusedSocket).then(resolve, reject));
    sent.on('error', reject);
    sent.end(body);
  });
}

async function read(answer: IncomingMessage, reused: boolean): Promise<TlsAnswer> {
  const servedBy = String((answer.socket as TLSSocket).getPeerCertificate().subject.CN);
  const body = (await buffer(answer)).toString();
  return { status: answer.statusCode ?? 0, headers: answer.headers, body, servedBy, reused };
}
