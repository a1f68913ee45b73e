import { Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { GraphqlContext } from './context.js';
import { spendingOf } from './plumbing/admission.js';
import { Requires } from './requires.js';

@ObjectType('RateLimit', {
  description:
    'What this operation cost, and what its token may still spend. Rules and weights: docs/limits.md.',
})
export class RateLimitView {
  @Field(() => Int, { description: 'Points this operation was charged.' })
  cost: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Points the token may spend in a minute; null: no limit.',
  })
  limit: number | null;

  @Field(() => Int, { nullable: true, description: 'Points left until `resetAt`.' })
  remaining: number | null;

  @Field(() => Date, { nullable: true, description: 'When the minute ends and all points are back.' })
  resetAt: Date | null;
}

@Resolver()
export class RateLimitResolver {
  @Requires('read')
  @Query(() => RateLimitView, {
    nullable: true,
    description: 'What this operation cost, and what is left of the points of its token.',
  })
  rateLimit(@Ctx() context: GraphqlContext): RateLimitView | null {
    const spending = spendingOf(context);
    if (spending === undefined) return null;
    const { cost, limit = null, remaining = null, resetAt = null } = spending;
    return { cost, limit, remaining, resetAt };
  }
}
