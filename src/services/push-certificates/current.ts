import type { PushCertificate } from '../../apple/apns/index.js';
import type { PushCertificateInUse, PushCertificateSource } from './in-use.js';

/** Told of another push certificate; the change waits for it. Throws when the certificate cannot be used: then the former stays. */
export type Changed = (certificate: PushCertificate | undefined) => void | Promise<void>;

/** The push certificate of the moment, exchanged while the server runs. */
export class CurrentPushCertificate {
  #inUse: PushCertificateInUse | undefined;
  #changed: Changed = () => undefined;
  #looking: Promise<void> = Promise.resolve();

  private constructor(private readonly source: PushCertificateSource) {}

  /** Throws a sentence when there is a certificate that cannot be read. */
  static async open(source: PushCertificateSource): Promise<CurrentPushCertificate> {
    const current = new CurrentPushCertificate(source);
    await current.refresh();
    return current;
  }

  get inUse(): PushCertificateInUse | undefined {
    return this.#inUse;
  }

  /** From now on; for one listener. */
  onChange(changed: Changed): void {
    this.#changed = changed;
  }

  /** Looks whether there is another. Calls take turns: each sees everything that was committed before it was made. */
  refresh(): Promise<void> {
    const looked = this.#looking.then(() => this.#look());
    this.#looking = looked.catch(() => undefined);
    return looked;
  }

  async #look(): Promise<void> {
    const former = this.#inUse;
    const found = await this.source.look(former);
    if (found === former) return;
    this.#inUse = found;
    try {
      await this.#changed(found?.certificate);
    } catch (error) {
      this.#inUse = former;
      throw error;
    }
  }
}
