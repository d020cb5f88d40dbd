/** ASN.1 in its distinguished encoding (X.690), as much of it as an X.509 certificate needs. */

const TAG = { boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, printable: 0x13 };

/** One element of DER (X.690, 8.1): its tag, the length of its contents, its contents. */
export function element(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

/** Elements in the order that the definition gives them. */
export function sequence(...items: Uint8Array[]): Buffer {
  return element(0x30, ...items);
}

/** Elements without an order among them; DER wants them sorted, so whoever gives more than one sorts them. */
export function set(...items: Uint8Array[]): Buffer {
  return element(0x31, ...items);
}

/** A non-negative integer, given big-endian. */
export function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  const signed = (digits[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), digits]) : digits;
  return element(TAG.integer, signed);
}

/** DER has one form for true: all bits set. */
export function boolean(value: boolean): Buffer {
  return element(TAG.boolean, Buffer.from([value ? 0xff : 0]));
}

/** `unused` bits at the end do not count. */
export function bitString(bytes: Uint8Array, unused = 0): Buffer {
  return element(TAG.bits, Buffer.from([unused]), bytes);
}

/** Bytes as they are. */
export function octetString(bytes: Uint8Array): Buffer {
  return element(TAG.octets, bytes);
}

/** Text of letters, digits and a few signs: what certificates write names in. */
export function printableString(text: string): Buffer {
  return element(TAG.printable, Buffer.from(text, 'latin1'));
}

/** `2.5.29.14` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const group = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) group.unshift((left & 0x7f) | 0x80);
    bytes.push(...group);
  }
  return element(TAG.oid, Buffer.from(bytes));
}

/** UTC time with two digits of the year until 2049, generalized time from 2050 on. */
export function time(milliseconds: number): Buffer {
  const digits = `${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return digits < '2050' ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes: number[] = [];
  for (let left = size; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}
