import type { ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { ControlError } from '../../../server/orchestrator/api/control-error.ts';
import type { LogMessage } from '../../../server/orchestrator/dispatcher/protocol.ts';
import type { SwarmEvent } from '../../../server/orchestrator/events/event-stream.ts';
import type { SwarmMachine } from '../../../server/orchestrator/membership/swarm-machine.ts';

type Part<K extends keyof ControlApi> = Partial<ControlApi[K]>;
export type Parts = { [K in keyof ControlApi]?: Part<K> };

/** A manager whose control API has only the parts that a test gives. */
export function fakeMachine(parts: Parts, machine: Partial<SwarmMachine> = {}): SwarmMachine {
  const missing = (): never => {
    throw new Error('this test gives no answer to that');
  };
  return {
    name: 'master',
    hostname: 'master.lab',
    state: () => 'active',
    role: () => 'manager',
    nodeId: () => 'node1',
    info: missing,
    init: missing,
    join: missing,
    leave: missing,
    unlock: missing,
    whenElected: async () => {},
    whenAgreed: async () => {},
    control: () => parts as ControlApi,
    attachNetwork: missing,
    detachNetwork: missing,
    ...machine,
  };
}

/** A machine that is in no swarm. */
export function outsider(): SwarmMachine {
  return fakeMachine(
    {},
    {
      state: () => 'inactive',
      role: () => undefined,
      control: () => {
        throw new ControlError(503, 'This node is not a swarm manager.');
      },
    },
  );
}

export function logLine(text: string, message: Partial<LogMessage> = {}): LogMessage {
  return {
    taskId: 'task1',
    nodeId: 'node1',
    serviceId: 'service1',
    stream: 'stdout',
    timestamp: '2026-01-01T00:00:00.000000001Z',
    attributes: {},
    data: Buffer.from(text).toString('base64'),
    ...message,
  };
}

/** An event at a second of the year 2026. */
export function swarmEvent(second: number, event: Partial<SwarmEvent> = {}): SwarmEvent {
  const time = Date.UTC(2026, 0, 1) / 1000 + second;
  return {
    Type: 'service',
    Action: 'create',
    Actor: { ID: 'service1', Attributes: { name: 'web' } },
    scope: 'swarm',
    time,
    timeNano: time * 1e9,
    ...event,
  };
}
