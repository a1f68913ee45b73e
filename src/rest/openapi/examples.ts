/** The records that all examples are about: together they are one small server. */
export const EXAMPLE = {
  device: '01a204f0-3b5c-7d31-9a56-6f1c3e0b2d77',
  udid: '00008120-001122334455667E',
  profile: '01a204ef-91d0-7f0e-a2b3-1f6a5d4c3b2a',
  identifier: 'org.example.wifi',
  workflow: '01a204f1-0c1e-7b8a-8d25-94c5a1f3e602',
  workflowName: 'Office',
  application: '01a204f1-0c1c-7e44-9b7f-5a2c7d9e1f30',
  applicationName: 'Notes',
  account: '01a204f1-0c1f-7d02-8a41-3c5e7f9b1d26',
  manifest: 'https://example.org/notes.plist',
  added: '01a204f3-2b10-7a5d-8c11-7e9d0b4f6a25',
  unknown: '01a204ff-0000-7000-8000-000000000000',
  time: '2026-05-04T10:05:00.000Z',
} as const;

/** A configuration profile with one web clip, as `base64` makes it of the file. */
export function exampleProfile(identifier: string): string {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>${identifier}</string>
<key>PayloadUUID</key><string>6F6E7D2C-0E0B-4E0A-9C53-0A6E6D1C7B11</string>
<key>PayloadDisplayName</key><string>Handbook</string>
<key>PayloadContent</key><array><dict>
<key>PayloadType</key><string>com.apple.webClip.managed</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>${identifier}.clip</string>
<key>PayloadUUID</key><string>0B7C3B54-2E8E-4C0E-8B60-9D4B8B2C5A22</string>
<key>Label</key><string>Handbook</string>
<key>URL</key><string>https://example.org/handbook</string>
</dict></array>
</dict></plist>
`;
  return Buffer.from(text).toString('base64');
}
