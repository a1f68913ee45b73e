import { describe, expect, it } from 'vitest';
import { GatherReads } from '../../src/database/index.js';

/** A statement that is answered when the test says so. */
class Statements {
  readonly asked: string[][] = [];
  readonly #open: { answer(): void; fail(error: Error): void }[] = [];

  readonly ask = (questions: readonly string[]): Promise<string[]> => {
    this.asked.push([...questions]);
    return new Promise((resolve, reject) => {
      this.#open.push({ answer: () => resolve(questions.map((one) => `re ${one}`)), fail: reject });
    });
  };

  answer(): void {
    this.#open.shift()?.answer();
  }

  fail(error: Error): void {
    this.#open.shift()?.fail(error);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const limits = { most: 3, atOnce: 2 };

describe('GatherReads', () => {
  it('asks together what is asked in the same turn, and gives each its own answer', async () => {
    const statements = new Statements();
    const gather = new GatherReads(limits, statements.ask);
    const answers = ['a', 'b', 'c'].map((one) => gather.ask(one));
    await turn();
    expect(statements.asked).toEqual([['a', 'b', 'c']]);
    statements.answer();
    expect(await Promise.all(answers)).toEqual(['re a', 're b', 're c']);
  });

  it('asks no more than it may in one statement', async () => {
    const statements = new Statements();
    const gather = new GatherReads(limits, statements.ask);
    for (const one of ['a', 'b', 'c', 'd']) void gather.ask(one);
    await turn();
    await turn();
    expect(statements.asked).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('keeps who comes while enough is under way for the next statement', async () => {
    const statements = new Statements();
    const gather = new GatherReads(limits, statements.ask);
    for (const one of ['a', 'b', 'c', 'd', 'e']) {
      void gather.ask(one);
      await turn();
    }
    expect(statements.asked).toEqual([['a'], ['b']]);
    statements.answer();
    await turn();
    await turn();
    expect(statements.asked).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
  });

  it('tells everyone of a failed statement, and goes on', async () => {
    const statements = new Statements();
    const gather = new GatherReads(limits, statements.ask);
    const lost = [gather.ask('a'), gather.ask('b')];
    await turn();
    statements.fail(new Error('gone'));
    expect((await Promise.allSettled(lost)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = gather.ask('c');
    await turn();
    statements.answer();
    expect(await next).toBe('re c');
  });
});
