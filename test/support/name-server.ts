import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const TYPES: Record<number, 'A' | 'AAAA' | undefined> = { 1: 'A', 28: 'AAAA' };
const HEADER = 12;
const A_MINUTE = 60;

/** Addresses as bytes. */
type Zone = Record<string, { readonly [type in 'A' | 'AAAA']?: readonly number[] }>;

/**
 * A name server on loopback: it answers for the names of its zone, and of others it says nothing.
 */
export async function startNameServer(zone: Zone) {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port }) => {
    const { name, type, end } = readQuestion(query);
    const records = zone[name];
    if (!records) return;
    const address = type && records[type];
    const header = Buffer.from(query.subarray(0, HEADER));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(address ? 1 : 0, 6);
    header.writeUInt32BE(0, 8);
    const answer = address ? [toRecord(query.subarray(end - 4, end), address)] : [];
    socket.send(Buffer.concat([header, query.subarray(HEADER, end), ...answer]), port);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, stop: () => socket.close() };
}

/** The question of a query (RFC 1035, section 4.1.2). */
function readQuestion(query: Buffer) {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: TYPES[query.readUInt16BE(at + 1)], end: at + 5 };
}

/** A resource record of the name that was asked for (RFC 1035, sections 4.1.3 and 4.1.4). */
function toRecord(typeAndClass: Buffer, address: readonly number[]): Buffer {
  const numbers = Buffer.alloc(6);
  numbers.writeUInt32BE(A_MINUTE, 0);
  numbers.writeUInt16BE(address.length, 4);
  return Buffer.concat([Buffer.from([0xc0, HEADER]), typeAndClass, numbers, Buffer.from(address)]);
}
