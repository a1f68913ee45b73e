import { Field, Float, ObjectType } from 'type-graphql';
import { connectionOf } from './plumbing/connection.js';
import { DateTime, JSONValue } from './plumbing/scalars.js';

@ObjectType({ description: 'What a device last answered to one kind of question.' })
export class DeviceAnswer {
  @Field(() => Date, { description: 'When it answered.' })
  asOf: Date;

  @Field(() => JSONValue, { description: "All that it answered, under Apple's names." })
  values: unknown;
}

@ObjectType({ description: 'A profile on a device, as the device lists it (ProfileList).' })
export class InstalledProfile {
  @Field(() => String, { nullable: true, description: 'PayloadIdentifier.' })
  identifier?: string;

  @Field(() => String, { nullable: true, description: 'PayloadUUID: tells which revision it is.' })
  uuid?: string;

  @Field(() => String, { nullable: true, description: 'PayloadDisplayName.' })
  displayName?: string;

  @Field(() => String, { nullable: true, description: 'PayloadDescription.' })
  description?: string;

  @Field(() => String, { nullable: true, description: 'PayloadOrganization.' })
  organization?: string;

  @Field(() => Boolean, { nullable: true, description: 'Whether it was installed by MDM.' })
  isManaged?: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is encrypted.' })
  isEncrypted?: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Whether the user may not remove it.' })
  isRemovalDisallowed?: boolean;

  @Field(() => [String], { description: 'The payload types in it, each once.' })
  payloadTypes: string[];
}

@ObjectType({ description: 'An application on a device, as the device lists it (InstalledApplicationList).' })
export class InstalledApplication {
  @Field(() => String, { nullable: true, description: 'Bundle identifier.' })
  identifier?: string;

  @Field(() => String, { nullable: true, description: 'Name.' })
  name?: string;

  @Field(() => String, { nullable: true, description: 'CFBundleVersion.' })
  version?: string;

  @Field(() => String, {
    nullable: true,
    description: 'CFBundleShortVersionString: the version people know.',
  })
  shortVersion?: string;

  @Field(() => Float, { nullable: true, description: 'Size of the application in bytes.' })
  bundleSize?: number;

  @Field(() => Float, { nullable: true, description: 'Size of its documents and other data in bytes.' })
  dynamicSize?: number;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is being installed.' })
  installing?: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Whether the App Store has a newer version.' })
  hasUpdateAvailable?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the user confirmed that its developer is trusted.',
  })
  isValidated?: boolean;
}

@ObjectType({ description: 'A certificate on a device, as the device lists it (CertificateList).' })
export class DeviceCertificate {
  @Field(() => String, { nullable: true, description: 'Common name.' })
  commonName?: string;

  @Field(() => Boolean, { nullable: true, description: 'Whether the device has its private key as well.' })
  isIdentity?: boolean;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the certificate, hexadecimal.' })
  sha256?: string;

  @Field(() => String, { nullable: true, description: 'Subject.' })
  subject?: string;

  @Field(() => String, { nullable: true, description: 'Issuer.' })
  issuer?: string;

  @Field(() => String, { nullable: true, description: 'Serial number, hexadecimal.' })
  serialNumber?: string;

  @Field(() => DateTime, { nullable: true, description: 'Valid from.' })
  notBefore?: string;

  @Field(() => DateTime, { nullable: true, description: 'Valid until.' })
  notAfter?: string;
}

const connectionFields = {
  asOf: {
    type: () => DateTime,
    nullable: true,
    description: 'When the device gave this list; null when it never did.',
  },
};
export const InstalledProfileConnection = connectionOf(() => InstalledProfile, 'InstalledProfile', {
  connectionFields,
});
export const InstalledApplicationConnection = connectionOf(
  () => InstalledApplication,
  'InstalledApplication',
  {
    connectionFields,
  },
);
export const DeviceCertificateConnection = connectionOf(() => DeviceCertificate, 'DeviceCertificate', {
  connectionFields,
});
