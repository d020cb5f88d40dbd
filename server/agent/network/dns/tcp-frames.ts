import type { Socket } from 'node:net';

/** A message as it goes over TCP: its length in two bytes before it (RFC 1035 4.2.2). */
export function frame(message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(message.length >> 8, message.length & 0xff), message]);
}

/** Calls back for every whole message that arrives. */
export function frames(socket: Socket, onMessage: (message: Uint8Array) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const end = 2 + pending.readUInt16BE(0);
      if (pending.length < end) return;
      const message = pending.subarray(2, end);
      pending = pending.subarray(end);
      onMessage(message);
    }
  });
}
