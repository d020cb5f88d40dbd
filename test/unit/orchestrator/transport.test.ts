import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { settle } from '../../../server/clock/virtual-clock.ts';
import { parseAgentMessage } from '../../../server/orchestrator/dispatcher/agent-message.ts';
import { createMemoryLink } from '../../../server/orchestrator/dispatcher/memory-transport.ts';
import type { AgentMessage, ManagerMessage } from '../../../server/orchestrator/dispatcher/protocol.ts';
import { overWebSocket } from '../../../server/orchestrator/dispatcher/websocket-transport.ts';
import { describeNode } from './fake-agent.ts';

/** A WebSocket whose other end is the test. */
class TestSocket extends EventEmitter {
  readonly sent: string[] = [];
  closed: { code?: number | undefined; reason?: string | undefined } | undefined;

  send(data: string): void {
    this.sent.push(data);
  }

  close(code?: number, reason?: string): void {
    this.closed = { code, reason };
  }

  receive(value: unknown): void {
    this.emit('message', Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
  }
}

const hello: AgentMessage = {
  type: 'hello',
  nodeId: 'node1',
  description: describeNode('node1.example'),
  address: '10.10.10.110',
};

test('in memory, messages arrive in order, also those that were sent before anyone listened', async () => {
  const { agent, manager } = createMemoryLink();
  agent.send(hello);
  agent.send({ type: 'heartbeat' });
  await settle();
  const seen: string[] = [];
  manager.onMessage((message) => seen.push(message.type));
  agent.send({ type: 'heartbeat' });
  await settle();
  expect(seen).toEqual(['hello', 'heartbeat', 'heartbeat']);
});

test('in memory, both ends are told once that it is over, after the last message', async () => {
  const { agent, manager } = createMemoryLink();
  const seen: string[] = [];
  agent.onClose((reason) => seen.push(`agent: ${reason}`));
  agent.onMessage((message) => seen.push(message.type));
  manager.onMessage(() => {});
  manager.onClose((reason) => seen.push(`manager: ${reason}`));
  manager.send({ type: 'heartbeat-ack', period: 1 });
  manager.close('enough');
  manager.close('really');
  manager.send({ type: 'heartbeat-ack', period: 2 });
  await settle();
  expect(seen.sort()).toEqual(['agent: enough', 'heartbeat-ack', 'manager: enough']);
});

test('a cut link says nothing to either end', async () => {
  const { agent, manager, cut } = createMemoryLink();
  const seen: string[] = [];
  agent.onMessage((message) => seen.push(message.type));
  agent.onClose((reason) => seen.push(reason));
  manager.onMessage((message) => seen.push(message.type));
  cut();
  agent.send({ type: 'heartbeat' });
  manager.send({ type: 'heartbeat-ack', period: 1 });
  manager.close('heartbeat failure');
  await settle();
  expect(seen).toEqual([]);
});

test('over a WebSocket, every message is one JSON text and is checked', () => {
  const socket = new TestSocket();
  const connection = overWebSocket<AgentMessage, ManagerMessage>(socket, parseAgentMessage);
  socket.receive(hello);
  const seen: AgentMessage[] = [];
  connection.onMessage((message) => seen.push(message));
  socket.receive({ type: 'heartbeat' });
  connection.send({ type: 'heartbeat-ack', period: 5_000 });
  expect(seen).toEqual([hello, { type: 'heartbeat' }]);
  expect(socket.sent).toEqual(['{"type":"heartbeat-ack","period":5000}']);
});

test.each([
  ['no JSON', '{'],
  ['an unknown message', { type: 'nonsense' }],
  ['a status of an unknown state', { type: 'task-status', updates: [{ taskId: 'a', status: { State: 'happy' } }] }],
  ['a time that cannot be compared', taskStatus('2026-01-01T00:00:00Z')],
])('over a WebSocket, %s ends the connection', (_, value) => {
  const socket = new TestSocket();
  const connection = overWebSocket<AgentMessage, ManagerMessage>(socket, parseAgentMessage);
  const reasons: string[] = [];
  connection.onMessage(() => {});
  connection.onClose((reason) => reasons.push(reason));
  socket.receive(value);
  socket.receive({ type: 'heartbeat' });
  expect(socket.closed?.code).toBe(1008);
  expect(reasons).toEqual(['the peer sent something that is no message of the protocol']);
});

test('over a WebSocket, one that closes late is told that it is closed', () => {
  const socket = new TestSocket();
  const connection = overWebSocket<AgentMessage, ManagerMessage>(socket, parseAgentMessage);
  socket.emit('close', 1006, Buffer.from(''));
  const reasons: string[] = [];
  connection.onClose((reason) => reasons.push(reason));
  connection.send({ type: 'heartbeat-ack', period: 1 });
  expect(reasons).toEqual(['connection closed (1006)']);
  expect(socket.sent).toEqual([]);
});

function taskStatus(Timestamp: string): AgentMessage {
  const status = { Timestamp, State: 'running', Message: 'started', PortStatus: {} } as const;
  return { type: 'task-status', updates: [{ taskId: 'a', status }] };
}
