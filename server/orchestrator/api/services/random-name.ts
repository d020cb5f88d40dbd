import { randomInt } from 'node:crypto';

const ADJECTIVES =
  'agile ample brave bright calm candid clever cosmic curious eager elegant fair fluent gentle glad honest ideal jolly keen kind lively loyal lucid mellow merry modest neat nimble noble patient placid polite proud quick quiet rapid robust serene sharp simple smart snug sober steady sunny swift tidy tender trusty upbeat vivid warm wise witty zesty'.split(
    ' ',
  );
const SURNAMES =
  'allen banach bartik blackwell boole borg brahe cantor cauchy cerf church codd curie dijkstra dirac erdos euler faraday fermat feynman floyd franklin galois gauss germain goedel hamming hilbert hoare hopper huffman jacobi kepler knuth kowalevski lamport leavitt liskov lovelace markov maxwell meitner milner napier nash neumann noether pascal perlman planck postel ritchie shannon tarski thompson turing wiener wilkes wirth yao zuse'.split(
    ' ',
  );

/** A name for a service that was given none: an adjective and the surname of someone whose work computing rests on. */
export function randomName(): string {
  return `${pick(ADJECTIVES)}_${pick(SURNAMES)}`;
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? '';
}
