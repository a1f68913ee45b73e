import { ok, failed, warning, type Check, type Finding } from '../check.js';

/** Tries APNs without sending a push: undefined when it is there and takes the certificate, else what is wrong in words. */
export type ReachPushService = (signal: AbortSignal) => Promise<string | undefined>;

/** @param reach undefined without a push certificate; asked each time */
export function pushService(reach: () => ReachPushService | undefined): Check {
  return { name: 'push-service', atStart: false, run: (signal) => look(reach(), signal) };
}

async function look(reach: ReachPushService | undefined, signal: AbortSignal): Promise<Finding> {
  if (reach === undefined)
    return warning(
      'There is no push certificate: no device can be woken, and none can enrol.',
      'Get one from identity.apple.com/pushcert (docs/push-certificate.md), and give it to the server: pushCertificateUpload, or ' +
        'POMONA_APNS_CERT_FILE with its key in POMONA_APNS_KEY_FILE.',
    );
  const problem = await reach(signal);
  if (problem === undefined) return ok('APNs can be reached, and takes the push certificate.');
  return failed(
    `APNs: ${problem}.`,
    'Let this machine out to api.push.apple.com, port 443 or 2197 (then POMONA_APNS_URL=https://api.push.apple.com:2197), without a ' +
      'proxy that opens TLS. If the certificate is what APNs does not take, renew it at identity.apple.com/pushcert.',
  );
}
