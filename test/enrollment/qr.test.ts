import { decodeQR } from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { drawQr } from '../../src/services/enrolment-profiles/qr-code.js';
import { useWorld } from '../graphql/world.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { invite } from './kit.js';

/** Pixels a module: what a camera would see of it is more. */
const SCALE = 4;

/** Draws what an SVG of rectangles shows, and reads it as a camera's picture. */
function readSvg(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const side = size * SCALE;
  const data = new Uint8Array(side * side * 4).fill(255);
  const path = / d="([^"]+)"/.exec(svg)?.[1] ?? '';
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row += 1) {
      for (let column = Number(x) * SCALE; column < (Number(x) + Number(width)) * SCALE; column += 1)
        data.set([0, 0, 0], (row * side + column) * 4);
    }
  }
  return decodeQR({ width: side, height: side, data });
}

const svgIn = (page: string): string => /<svg[^]*<\/svg>/.exec(page)?.[0] ?? '';

onBothDatabases('The QR code of a link', (name) => {
  const mdm = useMdm(name, { PUBLIC_URL: 'https://mdm.example.org/' });

  it('is on its page, leads to it by the address other devices have, and is told in words', async () => {
    const { link } = await invite(mdm);
    expect(link).toMatch(/^https:\/\/mdm\.example\.org\/enroll\//);
    const page = await (await fetch(link.replace('https://mdm.example.org', mdm.app.url))).text();
    const svg = svgIn(page);
    expect(readSvg(svg)).toBe(link);
    expect(svg).toMatch(/^<svg role="img" aria-label="[^"]+"/);
    expect(page).toMatch(/<figcaption>[^<]+another device/);
    expect(page).not.toMatch(/<script|<img|<iframe|<object|\son\w+=|url\(|https?:\/\//);
  });

  it('is not on the page of a link that leads nowhere', async () => {
    const { link, profile } = await invite(mdm);
    await mdm.services.enrollmentProfiles.revoke(profile.uuid);
    const page = await (await fetch(link.replace('https://mdm.example.org', mdm.app.url))).text();
    expect(page).toContain('was revoked');
    expect(svgIn(page)).toBe('');
  });
});

describe('The QR code in GraphQL', () => {
  const world = useWorld('sqlite');

  it('comes with a link, once, as a document of its own', async () => {
    const { made } = await world.server.data(
      'mutation { made: enrollmentProfileCreate(input: { name: "Reception" }) { link qrCode enrollmentProfile { id } } }',
    );
    expect(made.qrCode).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(readSvg(made.qrCode)).toBe(made.link);
    const update = `mutation ($input: EnrollmentProfileUpdateInput!) { it: enrollmentProfileUpdate(input: $input) { link qrCode } }`;
    const { id } = made.enrollmentProfile;
    const renamed = await world.server.data(update, { input: { id, name: 'Hall' } });
    expect(renamed.it).toEqual({ link: null, qrCode: null });
    const { it: renewed } = await world.server.data(update, { input: { id, newLink: true } });
    expect(readSvg(renewed.qrCode)).toBe(renewed.link);
    expect(renewed.link).not.toBe(made.link);
  });
});

it('draws rows that end dark, with the white that readers need around them', () => {
  const { size, path } = drawQr('https://mdm.example.org');
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) => [x, y, width].map(Number));
  expect(Math.min(...runs.flatMap(([x = 0, y = 0]) => [x, y]))).toBe(4);
  expect(Math.max(...runs.map(([x = 0, , width = 0]) => x + width))).toBe(size - 4);
});
