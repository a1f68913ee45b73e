import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { PushCertificateInUse } from '../services/push-certificates/index.js';

type Source = PushCertificateInUse['source'];
const Sources: Record<Source, Source> = { FILE: 'FILE', UPLOADED: 'UPLOADED' };
registerEnumType(Sources, {
  name: 'PushCertificateSource',
  description: 'Where the push certificate in use is from.',
  valuesConfig: {
    FILE: { description: 'The file that POMONA_APNS_CERT_FILE names. It wins over what was uploaded.' },
    UPLOADED: { description: 'It was uploaded.' },
  },
});

@ObjectType('PushCertificateInUse', { description: 'The push certificate that devices are woken with.' })
export class PushCertificateInUseView {
  @Field(() => Sources, { description: 'Where it is from.' })
  source: Source;

  @Field(() => String, { description: 'Its push topic: devices that enrolled with this one can be woken.' })
  topic: string;

  @Field(() => String, { description: 'Its subject.' })
  subject: string;

  @Field(() => String, { description: 'Its serial number, hexadecimal.' })
  serialNumber: string;

  @Field(() => String, { description: 'SHA-256 of it, hexadecimal.' })
  sha256: string;

  @Field(() => Date, { description: 'From when it is valid.' })
  notBefore: Date;

  @Field(() => Date, { description: 'Until when it is valid.' })
  notAfter: Date;

  @Field(() => Int, { description: 'Whole days until then; negative when it has run out.' })
  daysLeft: number;

  /** The record of an uploaded one. */
  uuid: string | null;
}
