import type { Release } from "@tagsmith/model-bundle/release";
import { bring, type BringParts } from "./bring.ts";
import type { News } from "./loader.ts";
import type { Candidate, Promotion } from "./loader-worker.ts";
import type { Engine } from "./model-access.ts";
import type { LoadedModel } from "./model-load.ts";
import type { TrialFigures } from "./trial-figures.ts";

interface LifeParts extends BringParts {
  readonly figures: TrialFigures;
}

/**
 * The life of the models in this process. A version that is promoted is fetched and verified by the loader, proven in a
 * thread of its own, and takes the place of the one that serves between two requests. Whatever fails before that leaves
 * the serving one alone; where none serves, the newest earlier version that can be had does. What is to be tried out beside
 * it comes the same way, after it.
 */
export class ModelLife {
  readonly #parts: LifeParts;
  #promotion: Promotion | undefined;
  /** What is done about the latest promotion; the next one ends it. */
  #attempt = new AbortController();
  #attempted = Promise.resolve();
  #retiring = Promise.resolve();
  /** What is tried out, if anything is. */
  #tried: LoadedModel | undefined;

  constructor(parts: LifeParts) {
    this.#parts = parts;
    parts.loader.follow((news) => this.#hear(news));
  }

  /** Ends whatever is under way, and the model once nobody uses it. */
  async end(): Promise<void> {
    this.#attempt.abort();
    await this.#parts.loader.close();
    await this.#attempted;
    await this.#retiring;
    await this.#parts.model.close();
    await this.#parts.folder.remove();
  }

  #hear(news: News): void {
    const { report } = this.#parts;
    if (news.type !== "promotion") {
      report.blind(news);
      return;
    }
    const { promotion } = news;
    report.seeing();
    if (promotion.etag === this.#promotion?.etag) return;
    if (promotion.release.manifestSha256 !== this.#promotion?.release.manifestSha256)
      report.promoted(promotion.release);
    this.#promotion = promotion;
    this.#attempt.abort();
    const { signal } = (this.#attempt = new AbortController());
    this.#attempted = this.#attempted.then(() => (signal.aborted ? undefined : this.#follow(promotion, signal)));
  }

  async #follow({ release, earlier, candidate }: Promotion, signal: AbortSignal): Promise<void> {
    const { model, report } = this.#parts;
    this.#endTrialFor(release, candidate);
    await bring(
      this.#parts,
      {
        release,
        isReached: () => isOf(model.engine, release),
        take: (loaded) => this.#serve(loaded),
        show: (update) => report.update(update),
        instead: earlier,
      },
      signal,
    );
    if (candidate && !signal.aborted) await this.#tryOut(candidate, signal);
  }

  #serve({ engine, loaded }: LoadedModel): void {
    const { model, report } = this.#parts;
    const replaced = model.engine?.manifest;
    this.#retire(model.serve(engine));
    report.serves(engine, loaded, replaced);
  }

  /** A candidate that has been promoted is here already; any other one goes, unless it still is to be tried beside what serves. */
  #endTrialFor(release: Release, candidate: Candidate | undefined): void {
    const { model, report } = this.#parts;
    const tried = model.trial?.candidate.engine;
    report.candidateUpdate(undefined);
    if (!tried || (isOf(model.engine, release) && candidate && isOf(tried, candidate.release))) return;
    const held = this.#tried;
    this.#tried = undefined;
    if (!isOf(tried, release)) {
      report.triesNoMore(tried);
      this.#retire(model.endTrial());
      return;
    }
    const replaced = model.engine?.manifest;
    this.#retire(model.promoteCandidate());
    if (held) report.serves(held.engine, held.loaded, replaced);
  }

  async #tryOut(candidate: Candidate, signal: AbortSignal): Promise<void> {
    const { model, report, figures } = this.#parts;
    const begin = (engine: Engine) => {
      model.try(engine, { terms: candidate, figures, onFailure: (failed, error) => report.trialFailed(failed, error) });
      report.tries(engine, candidate);
    };
    const { release, mode, share } = candidate;
    const isReached = () => isOf(model.trial?.candidate.engine, release);
    const take = (loaded: LoadedModel) => {
      this.#tried = loaded;
      begin(loaded.engine);
    };
    await bring(this.#parts, { release, isReached, take, show: (update) => report.candidateUpdate(update) }, signal);
    const { trial } = model;
    if (signal.aborted || !trial || (trial.terms.mode === mode && trial.terms.share === share)) return;
    begin(trial.candidate.engine); // the same one under other terms
  }

  /** Waits for a model that is to be closed before the service ends. */
  #retire(closed: Promise<void>): void {
    const retired = closed.catch((error: unknown) => this.#parts.report.notClosed(error));
    this.#retiring = Promise.all([this.#retiring, retired]).then(() => undefined);
  }
}

const isOf = (engine: Engine | undefined, { manifestSha256 }: Release) => engine?.manifestSha256 === manifestSha256;
