import type { PortConfig } from '../model/specs.ts';

/** Finds, among ports that are allocated, the one that answers a wanted port; each answers once. */
export class PortMatcher {
  readonly #left: PortConfig[];

  constructor(allocated: readonly PortConfig[]) {
    this.#left = [...allocated];
  }

  /** A port of the same name, protocol and target, and of the same number if the wanted one names a number; undefined if none. */
  claim(wanted: PortConfig): PortConfig | undefined {
    const index = this.#left.findIndex(
      (port) =>
        (port.Name ?? '') === (wanted.Name ?? '') &&
        port.Protocol === wanted.Protocol &&
        port.TargetPort === wanted.TargetPort &&
        (wanted.PublishedPort ? port.PublishedPort === wanted.PublishedPort : Boolean(port.PublishedPort)),
    );
    return index < 0 ? undefined : this.#left.splice(index, 1)[0];
  }
}
