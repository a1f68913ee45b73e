import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EnrollmentLinks, Opened } from '../services/enrolment-profiles/links.js';
import { logged, SECRET_HEADERS, sendProfile } from './device-request.js';
import { pageHtml, type PageContent } from './page.js';
import { failure, invitation, notReady, refusal, whyNot } from './words.js';

const DEFAULT = '/mdm/enroll';

type WithToken = { Params: { token: string } };

/**
 * What people open to enrol a device: the page of a link, its profile, and the default profile where 2016 had it. Whoever has
 * no link learns nothing, however long they take: a token nobody has is looked up as any other.
 */
export function enrollRoutes(links: EnrollmentLinks) {
  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (_request, reply) => void reply.headers(SECRET_HEADERS));
    app.setErrorHandler(tellFailure);
    app.get<WithToken>('/enroll/:token', async ({ params }, reply) => {
      const opened = await links.open(params.token);
      if (opened.kind !== 'OPEN') return sendPage(reply, statusOf(opened), refusal(whyNot(opened)));
      if (!links.pushConfigured) return sendPage(reply, 409, notReady());
      const href = `${encodeURIComponent(params.token)}/profile`;
      const addresses = { link: links.linkOf(params.token), href };
      return sendPage(reply, 200, invitation(opened.profile, addresses, links.reachableByDevices));
    });
    app.get<WithToken>('/enroll/:token/profile', { exposeHeadRoute: false }, async ({ params }, reply) => {
      const opened = await links.open(params.token);
      if (opened.kind !== 'OPEN') return sendPage(reply, statusOf(opened), refusal(whyNot(opened)));
      if (!links.pushConfigured) return sendPage(reply, 409, notReady());
      return sendProfile(reply, await links.download(opened.profile));
    });
    app.get(DEFAULT, { exposeHeadRoute: false }, (_request, reply) => serveDefault(links, reply));
  };
}

/** Scripts of 2016 call this: what goes wrong is told in JSON, as everywhere in that API. */
async function serveDefault(links: EnrollmentLinks, reply: FastifyReply): Promise<FastifyReply> {
  const opened = await links.openDefault();
  if (opened.kind === 'UNKNOWN') {
    const error =
      'No enrollment profile is marked as the default one. Use the link of one, or mark one with enrollmentProfileUpdate.';
    return reply.code(404).send({ error, code: 'NOT_FOUND' });
  }
  if (opened.kind === 'GONE') return reply.code(410).send({ error: whyNot(opened), code: 'NOT_FOUND' });
  if (!links.pushConfigured) {
    const error =
      'No push certificate is configured (pushCertificateUpload, or POMONA_APNS_CERT_FILE), so no device can enrol.';
    return reply.code(409).send({ error, code: 'FEATURE_NOT_AVAILABLE' });
  }
  return sendProfile(reply, await links.download(opened.profile));
}

function statusOf(opened: Exclude<Opened, { kind: 'OPEN' }>): 404 | 410 {
  return opened.kind === 'GONE' ? 410 : 404;
}

function sendPage(reply: FastifyReply, status: number, content: PageContent): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(pageHtml(content));
}

/** People are told on a page, programs in JSON; nobody of what is wrong inside. */
function tellFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message } = logged(error, request, reply);
  if (request.routeOptions.url !== DEFAULT) return sendPage(reply, status, failure(message));
  const code = status < 500 ? 'BAD_USER_INPUT' : 'UNAVAILABLE';
  return reply.code(status).send({ error: message, code });
}
