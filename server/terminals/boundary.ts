const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const BEL = 0x07;

/** Where a byte finds the parser: between sequences, or inside one (names as in ECMA-48). */
type State = 'ground' | 'utf8' | 'escape' | 'csi' | 'string';

/**
 * Follows a terminal's output just closely enough to know where the last complete character or control sequence ends. A stream
 * may be cut there and nowhere else without showing half a character or typing the rest of an escape sequence as text.
 */
export class Boundary {
  #state: State = 'ground';
  #sequence = 0;
  #started = 0;
  #missing = 0;

  /** Sequence number behind the last complete unit; equals the stream's end when nothing is unfinished. */
  get sequence(): number {
    return this.#state === 'ground' ? this.#sequence : this.#started;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.#state = this.#next(byte);
      this.#sequence++;
    }
  }

  #next(byte: number): State {
    // ESC ends whatever was unfinished, a string too: xterm acts on the string then, and on ESC \ as on any escape sequence.
    if (byte === ESC) return this.#begin('escape');
    if (byte === CAN || byte === SUB) return 'ground';
    switch (this.#state) {
      case 'ground':
        return this.#character(byte);
      case 'utf8':
        // A byte that does not continue the character ends it (as a replacement character) and begins anew.
        if ((byte & 0xc0) !== 0x80) return this.#character(byte);
        return --this.#missing === 0 ? 'ground' : 'utf8';
      case 'escape':
        if (byte === 0x5b) return 'csi';
        // OSC ], DCS P, SOS X, PM ^, APC _ carry a string up to ST (ESC \) or, for OSC, BEL.
        if (byte === 0x5d || byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) return 'string';
        return byte < 0x30 ? 'escape' : 'ground';
      case 'csi':
        return byte >= 0x40 && byte <= 0x7e ? 'ground' : 'csi';
      case 'string':
        return byte === BEL ? 'ground' : 'string';
    }
  }

  #character(byte: number): State {
    if (byte < 0xc2 || byte > 0xf4) return 'ground';
    this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    return this.#begin('utf8');
  }

  #begin(state: State): State {
    this.#started = this.#sequence;
    return state;
  }
}
