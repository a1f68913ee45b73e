import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AutomatedEnrollment } from '../services/enrolment-profiles/automated.js';
import type { SetupVisit, SetupVisits } from '../services/enrolment-profiles/automated-visits.js';
import { askForUpdate } from './automated.js';
import { bodyOf, logged, machineInfoOf, SECRET_HEADERS, sendProfile, takeAnyBody } from './device-request.js';
import { pageHtml, type PageContent } from './page.js';
import { setupPage, setupRefusal } from './setup-words.js';

/**
 * What stands between a device and its profile, when people have to do something first, such as sign in: the page that asks
 * for it, or undefined once the visit may go on. Asked before the button is shown and again before the profile is handed out.
 */
export type SetupGate = (visit: SetupVisit) => Promise<PageContent | undefined>;

export interface SetupDoor {
  readonly automated: AutomatedEnrollment;
  readonly visits: SetupVisits;
  readonly gate?: SetupGate | undefined;
}

type WithToken = { Params: { token?: string } };

/** The profile is asked for by a form, so that what stands for the visit is in no address and no log. */
const POLICY = SECRET_HEADERS['content-security-policy'].replace("form-action 'none'", "form-action 'self'");
const DOWNLOAD = '/enroll/setup/profile';

/**
 * The web view of Setup Assistant, `configuration_web_url` of the profile that Apple assigned: shows whose management it is, and
 * hands out the enrolment profile once, to the device that signed the first request.
 */
export function setupRoutes(door: SetupDoor) {
  return async (app: FastifyInstance): Promise<void> => {
    takeAnyBody(app);
    app.addHook('onRequest', async (_request, reply) => void reply.header('content-security-policy', POLICY));
    app.setErrorHandler(refuseOnPage);
    for (const url of ['/enroll/setup', '/enroll/setup/:token']) {
      app.get<WithToken>(url, { exposeHeadRoute: false }, (request, reply) => show(door, request, reply));
    }
    app.post(DOWNLOAD, (request, reply) => download(door, request, reply));
  };
}

async function show(
  { automated, visits, gate }: SetupDoor,
  request: FastifyRequest<WithToken>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const admission = await automated.admit(machineInfoOf(request), request.params.token);
  if (admission.kind === 'UPDATE_REQUIRED') return askForUpdate(reply, admission.osVersion);
  const visit = await visits.begin(admission);
  return sendPage(reply, 200, (await gate?.(visit)) ?? pageOf(visit));
}

async function download(
  { visits, gate }: SetupDoor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const token = new URLSearchParams(bodyOf(request).toString('latin1')).get('visit') ?? '';
  const visit = await visits.find(token);
  const asked = await gate?.(visit);
  return asked === undefined ? sendProfile(reply, await visits.finish(token)) : sendPage(reply, 200, asked);
}

/** The page with the button. A gate shows it when there is nothing left to ask. */
export function pageOf({ profile, token }: SetupVisit): PageContent {
  return setupPage(profile, { label: 'Continue', action: DOWNLOAD, field: { name: 'visit', value: token } });
}

function sendPage(reply: FastifyReply, status: number, content: PageContent): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(pageHtml(content));
}

function refuseOnPage(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message } = logged(error, request, reply);
  return sendPage(reply, status, setupRefusal(message));
}
