import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CheckResult, CheckStatus, Diagnosis } from '../services/doctor/index.js';

const Statuses: { readonly [Status in CheckStatus]: Status } = {
  OK: 'OK',
  WARNING: 'WARNING',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
};
registerEnumType(Statuses, {
  name: 'DoctorCheckStatus',
  description: 'What a check came to.',
  valuesConfig: {
    OK: { description: 'It is as it should be.' },
    WARNING: { description: 'It works, and somebody should look at it.' },
    FAILED: { description: 'Something does not work, or will not be kept.' },
    SKIPPED: { description: 'There was nothing to look at, or it cannot be looked at from here.' },
  },
});

@ObjectType('DoctorCheck', { description: 'One thing that was looked at.' })
class DoctorCheckView implements CheckResult {
  @Field(() => String, {
    description: 'What was looked at, for example `public-tls`; docs/operations.md has all.',
  })
  name: string;

  @Field(() => Statuses, { description: 'What it came to.' })
  status: CheckStatus;

  @Field(() => String, { description: 'What was found.' })
  message: string;

  @Field(() => String, {
    nullable: true,
    description: 'What to do about it, with the option or the place where; null when nothing needs doing.',
  })
  fix: string | null;

  @Field(() => Int, { description: 'Milliseconds it took; five seconds at most.' })
  durationMs: number;
}

@ObjectType('DoctorReport', { description: 'Whether the server can do its work.' })
export class DoctorReport implements Diagnosis {
  @Field(() => Boolean, { description: 'No check failed. There may be warnings.' })
  healthy: boolean;

  @Field(() => Date, {
    description: 'When it looked. It looks once in ten seconds, however often it is asked.',
  })
  checkedAt: Date;

  @Field(() => [DoctorCheckView], { description: 'All that was looked at, what devices need first.' })
  checks: readonly CheckResult[];
}
