import { orNoAnswer, strangeAnswer } from '../answers.js';
import { failed, ok, type Check, type Finding } from '../check.js';
import type { PublicProbe } from '../probe.js';
import { INSTALLATION_HEADER } from './public-url.js';

const CHECKIN_TYPE = 'application/x-apple-aspen-mdm-checkin';

/** What devices send reaches the server: a message that is none is answered 400 by it, and by nobody else. */
export function deviceDoor(probe: PublicProbe): Check {
  const look = async (signal: AbortSignal): Promise<Finding> => {
    const headers = { 'content-type': CHECKIN_TYPE };
    const body = Buffer.from('A look from the doctor: no device says this.');
    const answer = await probe.ask('/mdm/checkin', { method: 'PUT', headers, body }, signal);
    if (answer.status === 400) return ok('Check-ins of devices reach the server.');
    if (answer.status === 405)
      return failed(
        '/mdm/checkin was answered 405: what is before the server does not pass PUT requests on.',
        'Let the proxy pass PUT and POST on to the paths under /mdm.',
      );
    return strangeAnswer('/mdm/checkin', answer);
  };
  return { name: 'device-door', atStart: false, run: (signal) => orNoAnswer(() => look(signal)) };
}

/** As long as one header may be by what proxies are set to when nobody set them; the signature of a device is about half of that. */
const HEADER_CHARACTERS = 8_000;

/** The signature of a message comes in a header, which proxies may cut or refuse. */
export function largeHeader(probe: PublicProbe): Check {
  const look = async (signal: AbortSignal): Promise<Finding> => {
    const headers = { 'mdm-signature': 'A'.repeat(HEADER_CHARACTERS) };
    const answer = await probe.ask('/healthz', { headers }, signal);
    const ours = answer.status === 200 && answer.headers[INSTALLATION_HEADER] !== undefined;
    if (ours) return ok('Headers as large as the signatures of devices pass.');
    if (answer.status !== 400) return strangeAnswer('/healthz with a large header', answer);
    return failed(
      `A request with a header of ${HEADER_CHARACTERS} characters is refused before it reaches the server: devices sign in such headers.`,
      'Raise what the proxy takes as a header to 16 KiB (nginx: large_client_header_buffers 4 16k).',
    );
  };
  return { name: 'large-header', atStart: false, run: (signal) => orNoAnswer(() => look(signal)) };
}
