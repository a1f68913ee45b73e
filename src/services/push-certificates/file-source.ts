import type { PushCertificate } from '../../apple/apns/index.js';
import type { Logger } from '../../log.js';
import type { PushCertificateInUse, PushCertificateSource } from './in-use.js';

/** The push certificate that the operator keeps in files. */
export interface ProvidedPushCertificate {
  /** As it was read at the start. */
  readonly first: PushCertificate;
  /** Changes when the content of the files does, also when they cannot be read. */
  fingerprint(): Promise<string>;
  /** Reads the files again. Throws a sentence when they will not do. */
  read(): PushCertificate;
}

/**
 * Reads the files again when they change. What will not do is logged once, and the certificate so far stays: a file may be
 * half written. Another topic is taken at the start alone, because enrolled devices do not listen to it.
 */
export class PushCertificateFile implements PushCertificateSource {
  #seen: string | undefined;

  constructor(
    private readonly file: ProvidedPushCertificate,
    private readonly log: Logger,
  ) {}

  async look(held: PushCertificateInUse | undefined): Promise<PushCertificateInUse> {
    const inUse = held ?? fromFile(this.file.first);
    const fingerprint = await this.file.fingerprint();
    if (fingerprint === this.#seen) return inUse;
    this.#seen = fingerprint;
    const read = this.#read();
    return read === undefined || same(read, inUse.certificate) ? inUse : this.#taken(read, inUse);
  }

  #read(): PushCertificate | undefined {
    try {
      return this.file.read();
    } catch (error) {
      this.log.error(
        { err: error },
        'The file of the push certificate changed and will not do; the former one stays in use',
      );
      return undefined;
    }
  }

  #taken(read: PushCertificate, inUse: PushCertificateInUse): PushCertificateInUse {
    const { topic: former } = inUse.certificate;
    if (read.topic !== former) {
      this.log.error(
        { topic: read.topic, former },
        'The file of the push certificate has another topic, which enrolled devices do not listen to; the former certificate ' +
          'stays in use. Renew it with the Apple Account that made it; if the other topic is meant, restart the server',
      );
      return inUse;
    }
    this.log.info(
      { topic: former, notAfter: read.notAfter },
      'The push certificate was read again from its file',
    );
    return fromFile(read);
  }
}

function fromFile(certificate: PushCertificate): PushCertificateInUse {
  return { source: 'FILE', certificate, uuid: null };
}

/** A renewal may bring another certificate, another key, or other intermediates. */
function same(one: PushCertificate, other: PushCertificate): boolean {
  return (
    one.fingerprint === other.fingerprint &&
    one.keyPem === other.keyPem &&
    one.chainPem.join() === other.chainPem.join()
  );
}
