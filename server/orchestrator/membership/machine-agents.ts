import type { Clock, Disposable } from '../../clock/clock.ts';
import type { AgentMessage, Connection, ManagerMessage } from '../dispatcher/protocol.ts';
import { AgentLink } from './agent-link.ts';

/** A machine counts as gone when its agent has been away for this long (ms): shorter absences are reconnections. */
export const LOST_AFTER = 5_000;

interface Agent {
  link?: AgentLink;
  isUp: boolean;
  /** The machine is missed because nothing was heard of it, not because its agent went away: it may well be up, but cut off. */
  isSilent: boolean;
  absence?: Disposable;
  /** The time that the machine was switched on, as its agent tells it apart from others. */
  boot?: string;
}

export interface MachineAgentsOptions {
  clock: Clock;
  /** The machine's agent has said hello and waits for a session. */
  ready: (machine: string) => void;
  /** The machine has been switched off and on again, by whomever. */
  restarted: (machine: string) => void;
  /** The machine has come back, or counts as gone. */
  changed: (machine: string) => void;
}

/** The agents of all machines: their connections, and whether each machine is up. A machine is believed to be up until it is missed. */
export class MachineAgents implements Disposable {
  readonly #options: MachineAgentsOptions;
  readonly #agents = new Map<string, Agent>();

  constructor(options: MachineAgentsOptions) {
    this.#options = options;
  }

  isUp(machine: string): boolean {
    return this.#agents.get(machine)?.isUp ?? true;
  }

  /** Whether the machine may go on by itself although it is out of reach. */
  isCutOff(machine: string): boolean {
    const agent = this.#agents.get(machine);
    return agent !== undefined && !agent.isUp && agent.isSilent;
  }

  /** Whether the machine's agent can be heard at this moment, or has never been. */
  isHeard(machine: string): boolean {
    return !this.isKnown(machine) || this.link(machine) !== undefined;
  }

  /** Whether the machine's agent has ever been heard of. */
  isKnown(machine: string): boolean {
    return this.#agents.has(machine);
  }

  link(machine: string): AgentLink | undefined {
    return this.#agents.get(machine)?.link;
  }

  /** Takes a new connection in place of the one before. */
  connected(machine: string, connection: Connection<AgentMessage, ManagerMessage>): void {
    const agent = this.#agent(machine);
    agent.link?.close('the agent has connected again');
    const link = new AgentLink(connection, {
      ready: (boot) => {
        const before = agent.boot;
        if (boot !== undefined) agent.boot = boot;
        if (before !== undefined && boot !== undefined && boot !== before) this.#options.restarted(machine);
        this.touch(machine);
        this.#options.ready(machine);
      },
      closed: (isEndedHere) => {
        if (agent.link !== link) return;
        agent.isSilent = isEndedHere;
        delete agent.link;
        this.expect(machine, LOST_AFTER);
      },
    });
    agent.link = link;
  }

  /** The machine is known to be restarted, and does not have to say so. */
  expectRestart(machine: string): void {
    delete this.#agent(machine).boot;
  }

  /** The machine has given a sign of life. */
  touch(machine: string): void {
    const agent = this.#agent(machine);
    agent.absence?.dispose();
    delete agent.absence;
    if (agent.isUp) return;
    agent.isUp = true;
    if (agent.link === undefined) this.expect(machine, LOST_AFTER);
    this.#options.changed(machine);
  }

  /** The machine counts as gone unless it gives a sign of life within that many milliseconds. */
  expect(machine: string, within: number): void {
    const agent = this.#agent(machine);
    agent.absence?.dispose();
    agent.absence = this.#options.clock.after(within, () => {
      agent.isUp = false;
      this.#options.changed(machine);
    });
  }

  dispose(): void {
    for (const { link, absence } of this.#agents.values()) {
      absence?.dispose();
      link?.close('the manager stops');
    }
    this.#agents.clear();
  }

  #agent(machine: string): Agent {
    let agent = this.#agents.get(machine);
    if (agent === undefined) {
      agent = { isUp: true, isSilent: false };
      this.#agents.set(machine, agent);
    }
    return agent;
  }
}
