import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Node } from '../entities/node.js';
import { PomonaError } from '../errors.js';
import { requirePermission } from '../services/access.js';
import type { GraphqlContext } from './context.js';
import { MAX_PAGE } from './plumbing/connection.js';
import { fromGlobalId } from './plumbing/global-id.js';
import { Requires } from './requires.js';

type Find = (
  context: GraphqlContext,
  uuid: string,
) => Promise<Node | null | undefined> | Node | null | undefined;

/** How each type that is a Node is found by its uuid. */
const FIND: Readonly<Record<string, Find>> = {
  Device: ({ loaders }, uuid) => loaders.device.load(uuid),
  Command: ({ loaders }, uuid) => loaders.command.load(uuid),
  Push: ({ loaders }, uuid) => loaders.push.load(uuid),
  Profile: ({ loaders }, uuid) => loaders.catalog(({ profiles }) => profiles.get(uuid)),
  Application: ({ loaders }, uuid) => loaders.catalog(({ applications }) => applications.get(uuid)),
  Workflow: ({ loaders }, uuid) => loaders.catalog(({ workflows }) => workflows.get(uuid)),
  DepAccount: ({ loaders }, uuid) => loaders.depAccount.load(uuid),
  DepProfile: ({ loaders }, uuid) => loaders.depProfile.load(uuid),
  DepRule: ({ loaders }, uuid) => loaders.depRules((rules) => rules.find((rule) => rule.uuid === uuid)),
  IdentityCertificate: ({ loaders }, uuid) => loaders.identityCertificate.load(uuid),
  EnrollmentProfile: ({ services }, uuid) => services.enrollmentProfiles.get(uuid),
  PushCertificate: ({ services }, uuid) => services.pushCertificates.get(uuid),
  ApiToken: ({ services, principal }, uuid) => {
    requirePermission(principal, 'tokens.write');
    return services.tokens.get(uuid);
  },
};

@Resolver()
export class NodeResolver {
  @Requires('read')
  @Query(() => Node, {
    nullable: true,
    description: 'The object with this id; null when there is none, or no longer.',
  })
  async node(
    @Arg('id', () => ID, { description: 'An id that this API gave.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<Node | null> {
    return found(context, id);
  }

  @Requires('read')
  @Query(() => [Node], {
    nullable: 'items',
    description: 'The objects with these ids, in their order; null in place of each that is not there.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: `At most ${MAX_PAGE} ids that this API gave.` }) ids: string[],
    @Ctx() context: GraphqlContext,
  ): Promise<(Node | null)[]> {
    if (ids.length > MAX_PAGE) {
      throw new PomonaError('BAD_USER_INPUT', `At most ${MAX_PAGE} ids at once; these are ${ids.length}.`, {
        path: ['ids'],
      });
    }
    return Promise.all(ids.map((id) => found(context, id)));
  }
}

async function found(context: GraphqlContext, id: string): Promise<Node | null> {
  const { type, uuid } = fromGlobalId(id);
  return (await FIND[type]?.(context, uuid)) ?? null;
}
