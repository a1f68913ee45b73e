import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AutomatedEnrollment } from '../services/enrolment-profiles/automated.js';
import type { SetupVisits } from '../services/enrolment-profiles/automated-visits.js';
import { keep, VISIT } from './account-cookie.js';
import { askForUpdate } from './automated.js';
import { bodyOf, logged, machineInfoOf, sendProfile, takeAnyBody } from './device-request.js';
import { DOWNLOAD, pageOf, sendPage } from './setup-page.js';
import { setupRefusal, signInAgain, signInPage } from './setup-words.js';

export interface SetupDoor {
  readonly automated: AutomatedEnrollment;
  readonly visits: SetupVisits;
  /** Where people sign in, when they have to. */
  readonly signInUrl: () => string;
}

type WithToken = { Params: { token?: string } };

/**
 * The web view of Setup Assistant, `configuration_web_url` of the profile that Apple assigned: shows whose management it is, has
 * somebody sign in where that is required, and hands out the enrolment profile once, to the device that signed the first request.
 */
export function setupRoutes(door: SetupDoor) {
  return async (app: FastifyInstance): Promise<void> => {
    takeAnyBody(app);
    app.setErrorHandler(refuseOnPage);
    for (const url of ['/enroll/setup', '/enroll/setup/:token']) {
      app.get<WithToken>(url, { exposeHeadRoute: false }, (request, reply) => show(door, request, reply));
    }
    app.post(DOWNLOAD, (request, reply) => download(door, request, reply));
  };
}

async function show(
  { automated, visits, signInUrl }: SetupDoor,
  request: FastifyRequest<WithToken>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const admission = await automated.admit(machineInfoOf(request), request.params.token, 'WEB_VIEW');
  if (admission.kind === 'UPDATE_REQUIRED') return askForUpdate(reply, admission.osVersion);
  const visit = await visits.begin(admission);
  if (!visits.requireSignIn) return sendPage(reply, 200, pageOf(visit));
  // A cookie, which no other site can set: nobody can be made to sign in for a visit of somebody else.
  reply.header('set-cookie', keep(VISIT, visit.token, signInUrl()));
  return sendPage(reply, 200, signInPage(visit.profile, signInUrl()));
}

async function download(
  { visits, signInUrl }: SetupDoor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = new URLSearchParams(bodyOf(request).toString('latin1'));
  const profile = await visits.finish(form.get('visit') ?? '', form.get('sign_in') ?? '');
  return profile === undefined
    ? sendPage(
        reply,
        403,
        signInAgain('Nobody is signed in for this page, or that was too long ago.', signInUrl()),
      )
    : sendProfile(reply, profile);
}

function refuseOnPage(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message } = logged(error, request, reply);
  return sendPage(reply, status, setupRefusal(message));
}
