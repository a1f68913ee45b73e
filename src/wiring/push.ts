import type { PushCertificate } from '../apple/apns/index.js';
import type { PushVendor } from '../apple/push-request/index.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import type { Outbox } from '../events/index.js';
import type { Logger } from '../log.js';
import { Pushes, PushSender, Repush } from '../services/push/index.js';
import {
  ApnsLine,
  PushCertificates,
  PushesAgain,
  type ProvidedPushCertificate,
} from '../services/push-certificates/index.js';
import type { Vault } from '../services/vault.js';

/** What waking devices stands on. */
export interface PushHouse {
  readonly database: Database;
  readonly vault: Vault;
  readonly outbox: Outbox;
  /** From a file; without one, the certificate that was uploaded counts. */
  readonly provided: ProvidedPushCertificate | undefined;
  readonly vendor: PushVendor | undefined;
  /** Address of APNs, and the authorities it is checked against (PEM). */
  readonly apns: { readonly url: string; readonly ca: string | undefined };
  readonly failed: (error: unknown) => void;
  readonly log: Logger;
  readonly now: Clock;
}

/** Whatever wakes devices. */
export interface PushWorks {
  readonly pushCertificates: PushCertificates;
  /** The certificate that counts now. */
  readonly push: () => PushCertificate | undefined;
  readonly pushes: Pushes;
  readonly sender: PushSender;
  readonly repush: Repush;
  /** The connection to APNs. */
  readonly apns: ApnsLine;
}

/** Wires it: another certificate is another connection, and what waited for one is sent again. */
export async function openPush(house: PushHouse): Promise<PushWorks> {
  const { database, outbox, failed, log, now } = house;
  const pushCertificates = await PushCertificates.open(house);
  const push = (): PushCertificate | undefined => pushCertificates.certificate;
  const apns = new ApnsLine(house.apns, push());
  const pushes: Pushes = new Pushes(database, now, () => sender.wake());
  const again = new PushesAgain(database, pushes, now);
  pushCertificates.onChange(async (certificate) => {
    apns.use(certificate);
    if (certificate !== undefined) await again.run(certificate.topic).catch(failed);
  });
  const sender = new PushSender({
    database,
    outbox,
    client: () => apns.client,
    settled: (uuid) => pushes.settled(uuid),
    outrun: (channel) => void again.owe([channel]).catch(failed),
    now,
    log,
  });
  return { pushCertificates, push, pushes, sender, repush: new Repush(database, pushes, now), apns };
}
