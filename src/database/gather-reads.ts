import { apart } from '../deadline.js';

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface GatherReadsOptions {
  /** Most questions one statement asks. */
  readonly most: number;
  /** How many statements may be under way; whoever comes meanwhile shares the next. */
  readonly atOnce: number;
}

/**
 * Lets questions that come up at about the same time share one statement. Nobody waits for company: a question that comes
 * alone is asked at the end of this turn of the event loop. A statement begins after all of its questions were put, so
 * each sees whatever was committed before it was put.
 */
export class GatherReads<Question, Answer> {
  readonly #waiting: Waiting<Question, Answer>[] = [];
  #underWay = 0;
  #called = false;

  constructor(
    private readonly options: GatherReadsOptions,
    /** Asks the questions together and returns their answers in the same order. */
    private readonly askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  ) {}

  ask(question: Question): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#callSoon();
    });
  }

  #callSoon(): void {
    if (this.#called || this.#underWay >= this.options.atOnce || this.#waiting.length === 0) return;
    this.#called = true;
    const next = (): void => {
      this.#called = false;
      void this.#next();
    };
    apart(() => setImmediate(next));
  }

  async #next(): Promise<void> {
    const batch = this.#waiting.splice(0, this.options.most);
    this.#underWay += 1;
    this.#callSoon();
    try {
      const answers = await this.askAll(batch.map((one) => one.question));
      batch.forEach((one, index) => one.resolve(answers[index] as Answer));
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      this.#underWay -= 1;
      this.#callSoon();
    }
  }
}
