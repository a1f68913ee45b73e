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

const { wanted, note } = programNeeded('python3', ['--version']);
const cwd = sdkFolder('python');
const settings = {
  PYTHONPATH: cwd,
  PYTHONPYCACHEPREFIX: join(tmpdir(), 'pomona-python-cache'),
  PYTHONWARNINGS: 'error',
  PYTHONUTF8: '1',
};

describe.runIf(wanted)(`sdk/python${note}`, () => {
  const world = useSdkWorld();

  it('compiles, and passes its own tests against a running server, none of them skipped', async () => {
    await runWell({ program: 'python3', args: ['-m', 'compileall', '-q', '.'], cwd, env: settings });
    const args = ['-m', 'unittest', 'discover', '-t', '.', '-s', 'tests'];
    const output = await runWell({ program: 'python3', args, cwd, env: { ...settings, ...world.env } });
    expect(output).toMatch(/^Ran [2-9]\d tests/m);
    expect(output).toMatch(/^OK$/m);
  }, 60_000);

  it('its README has a method for every route', () => {
    expect(routesLeftOut('python')).toEqual([]);
  });

  it('its README begins with what runs', async () => {
    const args = ['-c', firstCode('python', 'python')];
    const output = await runWell({ program: 'python3', args, cwd, env: { ...settings, ...world.env } });
    expect(output).toMatch(/^POMONADEMO01 .*True$/m);
    expect(output).toMatch(/^ADMIN /m);
  }, 20_000);

  it('its example assigns a nested workflow, and watches the device converge', async () => {
    const args = ['examples/assign_and_watch.py', EXAMPLE_DEVICE];
    const output = await runWell({ program: 'python3', args, cwd, env: { ...settings, ...world.env } });
    expect(output).toContain('CONVERGED: 1 of 1 installed');
    expect(output).toContain(`${EXAMPLE_DEVICE} has everything its workflow wants.`);
    expect(profilesOfExampleDevice(world.fleet)).toBe(1);
  }, 60_000);
});
