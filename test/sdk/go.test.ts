import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EXAMPLE_DEVICE,
  firstCode,
  profilesOfExampleDevice,
  programNeeded,
  routesLeftOut,
  runWell,
  sdkFolder,
  useSdkWorld,
} from './kit.js';

const { wanted, note } = programNeeded('go', ['version']);
const cwd = sdkFolder('go');
/** The cache stays for the next run. Nothing may be fetched. */
const settings = { GOCACHE: join(tmpdir(), 'pomona-go-cache'), GOFLAGS: '-mod=mod', GOPROXY: 'off' };

describe.runIf(wanted)(`sdk/go${note}`, () => {
  const world = useSdkWorld();
  const go = (...args: string[]): Promise<string> =>
    runWell({ program: 'go', args, cwd, env: { ...settings, ...world.env } });

  it('is formatted and vetted, and passes its own tests against a running server, none of them skipped', async () => {
    expect(await runWell({ program: 'gofmt', args: ['-l', '.'], cwd })).toBe('');
    await go('vet', './...');
    const output = await go('test', '-count=1', '-v', './...');
    expect(output.match(/^--- PASS/gm)?.length).toBeGreaterThan(15);
    expect(output).not.toContain('--- SKIP');
  }, 180_000);

  it('its README has a method for every route', () => {
    expect(routesLeftOut('go')).toEqual([]);
  });

  it('its README begins with what runs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pomona-go-'));
    const program = join(folder, 'main.go');
    writeFileSync(program, firstCode('go', 'go'));
    expect(await go('run', program)).toMatch(/^POMONADEMO01 .*true$/m);
    rmSync(folder, { recursive: true });
  }, 60_000);

  it('its example lists the devices, assigns a nested workflow, and watches the device converge', async () => {
    const output = await go('run', './examples/devices', '-to', EXAMPLE_DEVICE);
    expect(output).toMatch(/^POMONADEMO01 .* true$/m);
    expect(output).toContain('CONVERGED: 1 of 1 installed');
    expect(output).toContain(`${EXAMPLE_DEVICE} has everything its workflow wants.`);
    expect(profilesOfExampleDevice(world.fleet)).toBe(1);
  }, 180_000);
});
