import { ApnsClient, type ApnsClientOptions, type PushCertificate } from '../../apple/apns/index.js';
import type { ApnsSender } from '../push/index.js';

/** The client of APNs for the push certificate of the moment. */
export class ApnsLine {
  #client: ApnsClient | undefined;
  readonly #closing = new Set<Promise<void>>();

  /** Throws as `use`. */
  constructor(
    private readonly options: Omit<ApnsClientOptions, 'certificate'>,
    certificate: PushCertificate | undefined,
  ) {
    this.use(certificate);
  }

  /** Undefined while there is no push certificate. */
  get client(): ApnsSender | undefined {
    return this.#client;
  }

  /**
   * Pushes from now on with this certificate. The former client takes no more, and ends when what it has under way is answered;
   * what is not in time has status 0 and is sent again by the new one. Throws an OpenSSL error for an unusable certificate.
   */
  use(certificate: PushCertificate | undefined): void {
    const next = certificate === undefined ? undefined : new ApnsClient({ ...this.options, certificate });
    const former = this.#client;
    this.#client = next;
    if (former !== undefined) this.#retire(former);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#closing, this.#client?.close()]);
  }

  #retire(client: ApnsClient): void {
    const closed = client.close().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}
