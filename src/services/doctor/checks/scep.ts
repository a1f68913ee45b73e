import { SCEP_CAPABILITIES } from '../../../apple/scep/index.js';
import { orNoAnswer, strangeAnswer } from '../answers.js';
import { failed, ok, type Check, type Finding } from '../check.js';
import type { PublicProbe } from '../probe.js';

/** Devices reach the place where they are given their certificates (RFC 8894 section 3.5). */
export function scepDoor(probe: PublicProbe): Check {
  const look = async (signal: AbortSignal): Promise<Finding> => {
    const answer = await probe.ask('/scep?operation=GetCACaps', {}, signal);
    if (answer.status !== 200) return strangeAnswer('/scep', answer);
    if (answer.text.trim() === SCEP_CAPABILITIES.trim()) return ok('Devices can ask for their certificates.');
    return failed(
      '/scep is answered by something else than this server.',
      'Let the proxy pass /scep on to Pomona, with the query string.',
    );
  };
  return { name: 'scep', atStart: false, run: (signal) => orNoAnswer(() => look(signal)) };
}
