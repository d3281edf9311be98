import { send } from "./send.ts";

/** Which of several services a balancer would send to: those whose `/readyz` answered 200 a moment ago. */
export class Balancer implements Disposable {
  readonly #urls: readonly string[];
  #healthy: readonly string[];
  readonly #checks: NodeJS.Timeout;

  constructor(urls: readonly string[]) {
    this.#urls = this.#healthy = urls;
    this.#checks = setInterval(() => void this.#check(), 200);
  }

  readonly urls = (): readonly string[] => this.#healthy;

  [Symbol.dispose](): void {
    clearInterval(this.#checks);
  }

  async #check(): Promise<void> {
    const answers = await Promise.all(this.#urls.map((url) => send(url, { path: "/readyz" })));
    this.#healthy = this.#urls.filter((_, at) => {
      const answer = answers[at]?.answer;
      return typeof answer === "object" && answer.status === 200;
    });
  }
}
