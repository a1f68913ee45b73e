import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AutomatedEnrollment } from '../services/enrolment-profiles/automated.js';
import { machineInfoOf, refuseInWords, sendProfile, takeAnyBody } from './device-request.js';

type WithToken = { Params: { token?: string } };

/**
 * Where devices in Setup Assistant come for their enrolment profile: the `url` of the profile that Apple assigned them. With
 * the token of an enrolment profile in the address it is that one; without, the one that names the serial number.
 */
export function automatedRoutes(automated: AutomatedEnrollment) {
  return async (app: FastifyInstance): Promise<void> => {
    takeAnyBody(app);
    app.setErrorHandler(refuseInWords);
    const handler = (request: FastifyRequest<WithToken>, reply: FastifyReply): Promise<FastifyReply> =>
      enrol(automated, request, reply);
    for (const url of ['/mdm/enroll/dep', '/mdm/enroll/dep/:token']) {
      app.route<WithToken>({ method: ['GET', 'POST'], url, exposeHeadRoute: false, handler });
    }
  };
}

async function enrol(
  automated: AutomatedEnrollment,
  request: FastifyRequest<WithToken>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const admission = await automated.admit(machineInfoOf(request), request.params.token, 'DIRECT');
  if (admission.kind === 'UPDATE_REQUIRED') return askForUpdate(reply, admission.osVersion);
  return sendProfile(reply, await automated.write(admission));
}

/** Has the device update itself and come back. Source: Apple, ErrorCodeSoftwareUpdateRequired. */
export function askForUpdate(reply: FastifyReply, osVersion: string): FastifyReply {
  const description = `Update this device to ${osVersion}, then it can be enrolled.`;
  return reply
    .code(403)
    .type('application/json')
    .send({
      code: 'com.apple.softwareupdate.required',
      description,
      message: description,
      details: { OSVersion: osVersion },
    });
}
