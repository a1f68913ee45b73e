import type { OutgoingHttpHeaders } from 'node:http2';

/** One push that wakes one MDM channel. */
export interface ApnsNotification {
  /** Lowercase hex. Its length is Apple's business and varies. */
  token: string;
  pushMagic: string;
  topic: string;
  /** A UUID of our choosing, kept over retries, so that Apple's answer and its log name the same push. */
  apnsId: string;
  /** Until when APNs keeps the push for a device that is offline; whole seconds count. */
  expiration: Date;
}

const HEX = /^[0-9a-f]+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HEADER_VALUE = /^[\x21-\x7e]+$/;

/** Says why APNs could not even be asked; undefined when it can. */
export function problemWith(n: ApnsNotification): string | undefined {
  if (!HEX.test(n.token)) return 'the push token is not lowercase hexadecimal';
  if (!HEADER_VALUE.test(n.topic)) return 'the push topic is empty or not plain ASCII';
  if (!UUID.test(n.apnsId)) return 'the apns-id is not a UUID';
  if (Number.isNaN(n.expiration.getTime())) return 'the expiration is not a date';
  return undefined;
}

/** Apple: "Sending notification requests to APNs", and the push of "Sending MDM commands to a device". */
export function headersOf(n: ApnsNotification): OutgoingHttpHeaders {
  return {
    ':method': 'POST',
    ':path': `/3/device/${n.token}`,
    'apns-topic': n.topic,
    'apns-push-type': 'mdm',
    'apns-priority': '10',
    'apns-expiration': String(Math.max(0, Math.floor(n.expiration.getTime() / 1000))),
    'apns-id': n.apnsId,
  };
}

/** The whole payload of an MDM push: the magic, and no `aps`. */
export function bodyOf(n: ApnsNotification): string {
  return JSON.stringify({ mdm: n.pushMagic });
}
