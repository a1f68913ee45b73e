import type { FastifyInstance, FastifyReply } from 'fastify';
import type { EnrollmentProfile } from '../entities/enrollment-profile.js';
import { PomonaError } from '../errors.js';
import type { EnrollmentLinks } from '../services/enrolment-profiles/links.js';
import type { OverTheAirEnrollment } from '../services/enrolment-profiles/ota.js';
import { bodyOf, refuseInWords, sendProfile, takeAnyBody } from './device-request.js';
import { whyNot } from './words.js';

type WithToken = { Params: { token: string } };

/** Over-the-air enrolment by a link: phase 1 is opened by a person, phases 2 and 3 are sent by the device. */
export function overTheAirRoutes(links: EnrollmentLinks, overTheAir: OverTheAirEnrollment) {
  return async (app: FastifyInstance): Promise<void> => {
    takeAnyBody(app);
    app.setErrorHandler(refuseInWords);
    const url = '/enroll/:token/ota';
    app.get<WithToken>(url, { exposeHeadRoute: false }, async ({ params: { token } }, reply) => {
      const profile = await opened(links, token, reply);
      const here = `${links.linkOf(token)}/ota`;
      return profile === undefined ? reply : sendProfile(reply, await overTheAir.begin(profile, here));
    });
    app.post<WithToken>(url, async (request, reply) => {
      const message = bodyOf(request);
      if (message.length === 0)
        throw new PomonaError('BAD_USER_INPUT', 'Devices send their signed attributes here.');
      const profile = await opened(links, request.params.token, reply);
      return profile === undefined ? reply : sendProfile(reply, await overTheAir.answer(profile, message));
    });
  };
}

/** What a link leads to; undefined when it leads nowhere, and the reply says so. */
async function opened(
  links: EnrollmentLinks,
  token: string,
  reply: FastifyReply,
): Promise<EnrollmentProfile | undefined> {
  const found = await links.open(token);
  if (found.kind === 'OPEN') return found.profile;
  const status = found.kind === 'GONE' ? 410 : 404;
  reply
    .code(status)
    .type('text/plain; charset=utf-8')
    .send(`${whyNot(found)}\n`);
  return undefined;
}
