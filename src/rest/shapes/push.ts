import { PushStatus } from '../../entities/enums.js';
import type { Push } from '../../entities/push.js';
import { PomonaError, type ErrorCode } from '../../errors.js';
import type { PushAnswer } from '../schemas/device.js';

/**
 * A push that came to its end. Throws when APNs did not take it: FEATURE_NOT_AVAILABLE without a push certificate,
 * UPSTREAM_REFUSED with the reason of APNs, NOT_ENROLLED when there was nothing to push to, TIMEOUT when APNs never answered.
 */
export function pushShape(push: Push): PushAnswer {
  if (push.status !== PushStatus.DELIVERED) throw failure(push);
  return { status: 'success', push_notification_id: push.apnsId };
}

function failure(push: Push): PomonaError {
  const [code, message] = explained(push);
  return new PomonaError(code, message, {
    details: {
      pushUuid: push.uuid,
      reason: push.reason,
      httpStatus: push.httpStatus,
      attempts: push.attempts,
    },
  });
}

function explained({ status, reason, httpStatus }: Push): [ErrorCode, string] {
  if (status === PushStatus.NOT_CONFIGURED) {
    return [
      'FEATURE_NOT_AVAILABLE',
      `Pushing is not configured: ${reason}. Upload a push certificate (pushCertificateUpload), or set POMONA_APNS_CERT_FILE.`,
    ];
  }
  if (httpStatus !== null)
    return ['UPSTREAM_REFUSED', `APNs refused the push with ${httpStatus} “${reason}”.`];
  if (status === PushStatus.TOKEN_RETIRED) return ['NOT_ENROLLED', `The device cannot be pushed: ${reason}.`];
  return ['TIMEOUT', `The push could not be sent: ${reason}.`];
}
