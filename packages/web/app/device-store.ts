import { useSyncExternalStore } from "react";

/** A value that this browser keeps in localStorage, or in memory where it is not let. Tabs hear of each other's changes. */
export class DeviceStore<T> {
  readonly #key: string;
  readonly #parse: (value: unknown) => T;
  readonly #empty: T;
  readonly #listeners = new Set<() => void>();
  #text: string | null = null;
  #value: T;

  /** `parse` makes a value of whatever was kept, undefined included, and never throws. */
  constructor(key: string, parse: (value: unknown) => T) {
    this.#key = key;
    this.#parse = parse;
    this.#empty = parse(undefined);
    this.#value = this.#empty;
  }

  readonly read = (): T => {
    const text = this.#stored();
    if (text !== this.#text) {
      this.#text = text;
      this.#value = this.#parse(fromJson(text));
    }
    return this.#value;
  };

  /** What a page is rendered with before it can look at the device. */
  readonly readEmpty = (): T => this.#empty;

  /** Returns whether the device keeps it: its room is limited. */
  write(value: T): boolean {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(this.#key, text);
      this.#text = text;
    } catch {
      return false;
    } finally {
      this.#value = value;
      for (const listener of this.#listeners) listener();
    }
    return true;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    window.addEventListener("storage", listener);
    return () => {
      this.#listeners.delete(listener);
      window.removeEventListener("storage", listener);
    };
  };

  /** A value that the device refused stays as it is for this visit. */
  #stored(): string | null {
    try {
      return localStorage.getItem(this.#key);
    } catch {
      return this.#text;
    }
  }
}

export function useDeviceStore<T>(store: DeviceStore<T>): T {
  return useSyncExternalStore(store.subscribe, store.read, store.readEmpty);
}

function fromJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
