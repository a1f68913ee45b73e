import type { FastifyBaseLogger } from 'fastify';
import {
  FAIL_INFO,
  readScepRequest,
  ScepError,
  scepFailure,
  scepSuccess,
  type ScepRequest,
} from '../apple/scep/index.js';
import type { Clock } from '../clock.js';
import { PomonaError } from '../errors.js';
import type { CertificateAuthority } from '../services/authority/index.js';

export interface OperationDoor {
  readonly authority: CertificateAuthority;
  readonly now: Clock;
}

/**
 * Answers a pkiMessage with a pkiMessage (RFC 8894 section 3.3): the certificate, or a failure when the message says whom to
 * tell. Why it was refused is in our log; who asks learns a number.
 * @throws PomonaError BAD_USER_INPUT for what no answer can be addressed to, UNAVAILABLE
 */
export async function answerOperation(
  door: OperationDoor,
  message: Buffer,
  log: FastifyBaseLogger,
): Promise<Buffer> {
  const { current } = door.authority;
  const at = new Date(door.now());
  try {
    const request = readScepRequest(message, current);
    return await answerRequest(door, request, at, log);
  } catch (error) {
    if (!(error instanceof ScepError)) throw error;
    const { transactionId, senderNonce, digest = 'sha256', failInfo } = error;
    if (transactionId === undefined || senderNonce === undefined)
      throw new PomonaError('BAD_USER_INPUT', `This is no SCEP message: ${error.message}`, { cause: error });
    log.warn({ reason: error.message, transactionId }, 'A SCEP message was refused');
    return scepFailure({ transactionId, senderNonce, digest }, current, failInfo, at);
  }
}

async function answerRequest(
  { authority }: OperationDoor,
  request: ScepRequest,
  at: Date,
  log: FastifyBaseLogger,
): Promise<Buffer> {
  const { messageType, transactionId } = request;
  try {
    const issued = await authority.enrol(request);
    return scepSuccess(request, authority.current, issued, at);
  } catch (error) {
    if (!(error instanceof PomonaError) || !error.face.expose) throw error;
    log.warn({ reason: error.message, messageType, transactionId }, 'A certificate was refused');
    const failInfo = error.code === 'IDENTITY_REFUSED' ? FAIL_INFO.badCertId : FAIL_INFO.badRequest;
    return scepFailure(request, authority.current, failInfo, at);
  }
}
