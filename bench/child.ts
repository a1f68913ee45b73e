import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const METER = new URL('./meter.js', import.meta.url).href;
const PATIENCE_MS = 120_000;

/** A measured server in a process of its own. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  /**
   * Starts `module` (relative to this file) and waits for it to say where it listens, as `http://…` on standard output.
   * @param profile directory for a CPU profile, written when the process stops
   * @throws with what the process said, when it ends before that
   */
  static async start(module: string, env: Record<string, string>, profile?: string): Promise<Child> {
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), [], {
      env: { PATH: process.env['PATH'], ...env },
      execArgv: [...profiling, '--import', METER],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new Child(child, await listening(child));
  }

  /** CPU time that the process has used since it started, in microseconds, all its threads together. */
  async cpuMicros(): Promise<number> {
    const answer = once(this.process, 'message');
    this.process.send('cpu');
    const [{ cpuMicros }] = (await answer) as [{ cpuMicros: number }];
    return cpuMicros;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const gone = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await gone;
  }
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(
      () => reject(new Error(`The server did not start in time:\n${said}`)),
      PATIENCE_MS,
    );
    const hear = (data: Buffer): void => {
      if (said.length < 64 * 1024) said += data.toString();
      const url = /https?:\/\/[\d.]+:\d+/.exec(said)?.[0];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', (data: Buffer) => process.stderr.write(data));
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${said}`)));
  });
}
