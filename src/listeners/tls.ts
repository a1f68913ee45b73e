import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';
import { createHash, type X509Certificate } from 'node:crypto';
import type { Clock } from '../clock.js';
import { ConfigError, type Config } from '../config/index.js';
import type { Logger } from '../log.js';
import {
  pemOf,
  readServerCertificate,
  tlsFiles,
  type ServerCertificate,
  type TlsContent,
  type TlsFiles,
} from './server-certificate.js';

/** What a listener is told when the certificate changes. */
export type Serve = (context: SecureContextOptions) => void;

/**
 * The certificate of the listeners, as it is in the files now. What replaces it may write the two files one after the other,
 * rename links to them, or fail half-way: so they are read again and again, whatever their dates say, and only a pair that goes
 * together is served. Connections that are open keep the certificate they began with.
 */
export class Tls {
  #pair: ServerCertificate;
  /** Of the files when they were last read, and when they were last found good. */
  #seen: string;
  #served: string;
  /** What was wrong when it was last said. */
  #complaint: string | undefined;
  readonly #listeners: Serve[] = [];

  /** Throws ConfigError for files that cannot be read or do not go together. */
  constructor(
    private readonly files: TlsFiles,
    private readonly log: Logger,
    private readonly now: Clock,
  ) {
    const content = {
      certificate: readOrExplain(files.certificate, 'TLS_CERT_FILE'),
      key: readOrExplain(files.key, 'TLS_KEY_FILE'),
    };
    this.#pair = readServerCertificate(files, content);
    this.#seen = this.#served = digestOf(content);
    this.#warnOfDates();
  }

  /** The certificate of this server, without those above it. */
  get certificate(): X509Certificate {
    return this.#pair.certificate;
  }

  /** TLS 1.2 and newer, with Node's choice of ciphers. */
  get context(): SecureContextOptions {
    const { chain, privateKey } = this.#pair;
    return { cert: chain, key: pemOf(privateKey), minVersion: 'TLSv1.2' };
  }

  /** `serve` is called with every context that follows the present one. */
  follow(serve: Serve): void {
    this.#listeners.push(serve);
  }

  /**
   * Looks at the files and serves what is in them, when that is new. What will not do is no news while it changes: files are
   * written one after the other. It is said, once, when it was still so the second time.
   */
  async reload(): Promise<void> {
    const content = await this.#read();
    const digest = content instanceof Error ? content.message : digestOf(content);
    const settled = digest === this.#seen;
    this.#seen = digest;
    if (digest === this.#served) return void (this.#complaint = undefined);
    try {
      if (content instanceof Error) throw content;
      this.#serve(readServerCertificate(this.files, content), digest);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      if (settled) this.#complain(error);
    }
  }

  async #read(): Promise<TlsContent | ConfigError> {
    const { certificate, key } = this.files;
    try {
      return { certificate: await readFile(certificate), key: await readFile(key) };
    } catch (error) {
      const { code, path } = error as NodeJS.ErrnoException;
      return new ConfigError(
        `${path === key ? 'POMONA_TLS_KEY_FILE' : 'POMONA_TLS_CERT_FILE'}: ${whyUnreadable(path ?? certificate, code)}`,
      );
    }
  }

  #serve(pair: ServerCertificate, digest: string): void {
    this.#pair = pair;
    this.#served = digest;
    this.#complaint = undefined;
    for (const serve of this.#listeners) serve(this.context);
    const { subject, validTo } = pair.certificate;
    this.log.info({ subject, validTo }, 'Serving a new TLS certificate');
    this.#warnOfDates();
  }

  #complain({ message }: ConfigError): void {
    if (message === this.#complaint) return;
    this.#complaint = message;
    this.log.error(
      { reason: message },
      'The new TLS certificate will not do; the former one is still served',
    );
  }

  /** A server that did not start could not be repaired by the program that renews its certificate. */
  #warnOfDates(): void {
    const { validFromDate, validToDate } = this.certificate;
    if (validToDate.getTime() <= this.now())
      this.log.warn(
        `The TLS certificate expired on ${validToDate.toISOString()}: no device connects until POMONA_TLS_CERT_FILE is renewed`,
      );
    else if (validFromDate.getTime() > this.now())
      this.log.warn(
        `The TLS certificate is not valid before ${validFromDate.toISOString()}; no device connects until then`,
      );
  }
}

/** What is configured for TLS; undefined when nothing is. Throws ConfigError as Tls does. */
export function openTls(config: Config, log: Logger, now: Clock): Tls | undefined {
  const files = tlsFiles(config);
  return files === undefined ? undefined : new Tls(files, log, now);
}

function digestOf({ certificate, key }: TlsContent): string {
  const hash = createHash('sha256').update(`${certificate.length} `);
  return hash.update(certificate).update(key).digest('hex');
}

function readOrExplain(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(`POMONA_${name}: ${whyUnreadable(path, (error as NodeJS.ErrnoException).code)}`, {
      cause: error,
    });
  }
}

function whyUnreadable(path: string, code: string | undefined): string {
  return `${path} cannot be read (${code ?? 'unknown error'}).`;
}
