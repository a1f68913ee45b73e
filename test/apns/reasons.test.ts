import { describe, expect, it } from 'vitest';
import { explainReason } from '../../src/apple/apns/index.js';

/** Apple: "Handling notification responses from APNs", table of reasons. */
const DOCUMENTED = [
  [400, 'BadCollapseId'],
  [400, 'BadDeviceToken'],
  [400, 'BadExpirationDate'],
  [400, 'BadMessageId'],
  [400, 'BadPriority'],
  [400, 'BadTopic'],
  [400, 'DeviceTokenNotForTopic'],
  [400, 'DuplicateHeaders'],
  [400, 'IdleTimeout'],
  [400, 'InvalidPushType'],
  [400, 'MissingDeviceToken'],
  [400, 'MissingTopic'],
  [400, 'PayloadEmpty'],
  [400, 'TopicDisallowed'],
  [403, 'BadCertificate'],
  [403, 'BadCertificateEnvironment'],
  [403, 'ExpiredProviderToken'],
  [403, 'Forbidden'],
  [403, 'InvalidProviderToken'],
  [403, 'MissingProviderToken'],
  [404, 'BadPath'],
  [405, 'MethodNotAllowed'],
  [410, 'ExpiredToken'],
  [410, 'Unregistered'],
  [413, 'PayloadTooLarge'],
  [429, 'TooManyProviderTokenUpdates'],
  [429, 'TooManyRequests'],
  [500, 'InternalServerError'],
  [503, 'ServiceUnavailable'],
  [503, 'Shutdown'],
] as const;

describe('explainReason', () => {
  it.each(DOCUMENTED)('%i %s has words of its own', (status, reason) => {
    const words = explainReason(status, reason);
    expect(words).toMatch(/^[A-Z].{20,}\.$/);
    expect(words).not.toBe(explainReason(status));
    expect(words).not.toContain(reason);
  });

  it('says what to make of a whole fleet that fails', () => {
    expect(explainReason(400, 'BadDeviceToken')).toContain('do not retire');
    expect(explainReason(400, 'DeviceTokenNotForTopic')).toContain('old topic');
  });

  it.each([
    [0, /No answer/],
    [200, /took the push/],
    [400, /answered 400/],
    [403, /push certificate/],
    [410, /no longer valid/],
    [429, /fewer/],
    [500, /fault of its own/],
  ])('has words for %i without a reason', (status, words) => {
    expect(explainReason(status)).toMatch(words);
  });

  it('names a reason it does not know, even one that objects have', () => {
    expect(explainReason(400, 'NewReason')).toBe(
      'APNs answered 400, which says that the request was wrong (“NewReason”).',
    );
    expect(explainReason(500, 'constructor')).toContain('“constructor”');
  });
});
