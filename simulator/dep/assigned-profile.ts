/** What a device in Setup Assistant makes of the profile that is assigned to it (Apple: Profile). */
export interface AssignedProfile {
  readonly name: string;
  /** Where it asks for its enrolment profile. */
  readonly url: string;
  /** The page that it shows instead, when there is one. */
  readonly configurationWebUrl: string | undefined;
  /** It waits in Setup Assistant until DeviceConfigured. */
  readonly awaitsConfiguration: boolean;
  readonly supervised: boolean;
}

/** @param fields the profile as it was defined, in Apple's words; what is left out is Apple's default */
export function assignedProfile(fields: Readonly<Record<string, unknown>>): AssignedProfile {
  const text = (name: string): string | undefined =>
    typeof fields[name] === 'string' ? fields[name] : undefined;
  return {
    name: text('profile_name') ?? '',
    url: text('url') ?? '',
    configurationWebUrl: text('configuration_web_url'),
    awaitsConfiguration: fields['await_device_configured'] === true,
    // Devices of today are supervised by automated enrolment, unless the profile says no.
    supervised: fields['is_supervised'] !== false,
  };
}
