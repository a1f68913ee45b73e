/**
 * Apple's reasons ("Handling notification responses from APNs") in an admin's words: what it means for MDM, and what to
 * do. All 400s are the sender's fault, and most of them strike every device of a topic at once.
 */
const REASONS: Readonly<Record<string, string>> = {
  BadCollapseId:
    'The collapse identifier is longer than APNs allows. MDM pushes carry none: report this as a fault of the server.',
  BadDeviceToken:
    'APNs does not know this token. If every device fails so, the server talks to the wrong APNs environment; do not retire the devices.',
  BadExpirationDate: 'The expiry of the push is not a valid time. Report this as a fault of the server.',
  BadMessageId: 'The apns-id is not a UUID. Report this as a fault of the server.',
  BadPriority: 'The priority is not one APNs knows. Report this as a fault of the server.',
  BadTopic: 'The topic is not valid. Check that the push certificate is an MDM one.',
  DeviceTokenNotForTopic:
    'The device enrolled with another topic than the push certificate has. If every device fails so, the certificate was renewed with another Apple Account: go back to the old topic’s certificate.',
  DuplicateHeaders:
    'A header was sent twice. Report this as a fault of the server, or of a proxy before APNs.',
  IdleTimeout: 'APNs closed a connection that was idle for long. The push is sent again on a new one.',
  InvalidPushType:
    'The push type is not one APNs accepts for this topic. Check that the push certificate is an MDM one.',
  MissingDeviceToken: 'No token was given. Report this as a fault of the server.',
  MissingTopic: 'No topic was given. Report this as a fault of the server.',
  PayloadEmpty:
    'The push had no content: the device has probably given no PushMagic; it gives one when it next checks in.',
  TopicDisallowed:
    'The push certificate may not push to this topic. Use the certificate the devices enrolled with.',
  BadCertificate:
    'Apple refuses the push certificate. Check that it has neither expired nor been revoked, and renew it.',
  BadCertificateEnvironment:
    'The push certificate belongs to the other APNs environment. MDM uses production only.',
  ExpiredProviderToken:
    'APNs took the request for one with a provider token. MDM uses a certificate: check what lies between.',
  Forbidden: 'Apple does not allow this push. Check the push certificate at identity.apple.com/pushcert.',
  InvalidProviderToken:
    'APNs took the request for one with a provider token. MDM uses a certificate: check what lies between.',
  MissingProviderToken:
    'APNs saw no client certificate. Check that no proxy between here and Apple ends the TLS connection.',
  BadPath: 'The path was not one APNs has. Report this as a fault of the server, or check the APNs address.',
  MethodNotAllowed: 'APNs takes POST only. Report this as a fault of the server, or of a proxy before APNs.',
  ExpiredToken: 'The token has expired. Nothing is pushed to it until the device reports a new one.',
  Unregistered:
    'The token is no longer valid: the device was erased, or its MDM profile removed. Nothing is pushed to it until the device reports a new one.',
  PayloadTooLarge: 'The push is larger than APNs takes. The device’s PushMagic is not a sensible one.',
  TooManyProviderTokenUpdates:
    'APNs saw provider tokens change too often. MDM uses none: check what lies between.',
  TooManyRequests: 'Too many pushes went to one device in a short time. It is tried again later.',
  InternalServerError: 'APNs had a fault of its own. The push is sent again.',
  ServiceUnavailable: 'APNs is not available just now. The push is sent again.',
  Shutdown: 'That APNs server is shutting down. The push is sent again on another connection.',
};

/** Words for admins, for each reason APNs is documented to give; for an unknown one, what its status class means. */
export function explainReason(status: number, reason?: string): string {
  const known = reason !== undefined && Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  if (known !== undefined) return known;
  const said = reason === undefined ? '' : ` (“${reason}”)`;
  return `${explainStatus(status)}${said}.`;
}

function explainStatus(status: number): string {
  if (status === 0) return 'No answer from APNs reached this server; the push is sent again';
  if (status === 200) return 'APNs took the push and will deliver it when the device is on line';
  if (status === 403) return 'Apple refuses the push certificate';
  if (status === 410)
    return 'The token is no longer valid; nothing is pushed to it until the device reports a new one';
  if (status === 429) return 'APNs asks for fewer pushes; it is tried again later';
  if (status >= 500) return 'APNs had a fault of its own; the push is sent again';
  return `APNs answered ${status}, which says that the request was wrong`;
}
