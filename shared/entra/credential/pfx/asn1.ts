import {
  type AsnType,
  Constructed,
  fromBER,
  Integer,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
} from 'asn1js';

/** A value of ASN.1 that was read, of a type that is not yet known. */
export type Asn1 = AsnType | undefined;

/**
 * The one value that the bytes hold; Windows writes BER, so lengths may be indefinite. Throws on
 * anything else.
 */
export function parseBer(bytes: Uint8Array): AsnType {
  const { offset, result } = fromBER(bytes);
  if (offset !== bytes.length) throw malformed();
  return result;
}

/** The values of a SEQUENCE; throws on another type. */
export function toValues(value: Asn1): readonly AsnType[] {
  if (value instanceof Sequence) return value.valueBlock.value;
  throw malformed();
}

/** What an explicit context tag `[number]` holds; throws on another type. */
export function toTagged(value: Asn1, number = 0): Asn1 {
  const isIt = value instanceof Constructed && value.idBlock.tagClass === CONTEXT_SPECIFIC;
  if (isIt && value.idBlock.tagNumber === number) return value.valueBlock.value[0];
  throw malformed();
}

/** An OBJECT IDENTIFIER in dots; throws on another type. */
export function toOid(value: Asn1): string {
  if (value instanceof ObjectIdentifier) return value.valueBlock.toString();
  throw malformed();
}

/** The bytes of an OCTET STRING, of all its pieces; throws on another type. */
export function toOctets(value: Asn1): Uint8Array {
  if (value instanceof OctetString) return new Uint8Array(value.getValue());
  throw malformed();
}

/**
 * The bytes of an implicitly tagged OCTET STRING `[0]`, whole or in pieces; throws on another type.
 */
export function toTaggedOctets(value: Asn1): Uint8Array {
  if (value?.idBlock.tagClass !== CONTEXT_SPECIFIC) throw malformed();
  if (value instanceof Constructed) return Buffer.concat(value.valueBlock.value.map(toOctets));
  if (value instanceof Primitive) return value.valueBlock.valueHexView;
  throw malformed();
}

/** An INTEGER that a number can hold; throws on another type. */
export function toInteger(value: Asn1): number {
  if (value instanceof Integer) return Number(value.toBigInt());
  throw malformed();
}

/** The bytes that a value was read from. */
export function toBytes(value: Asn1): Uint8Array {
  if (!value) throw malformed();
  return value.valueBeforeDecodeView;
}

/** Why a container can't be read. */
export type PfxProblem = 'malformed' | 'needs_password' | 'algorithm_not_supported';

/** A container can't be read; says nothing of what was read: it may be a key. */
export class PfxError extends Error {
  override readonly name = 'PfxError';
  readonly problem: PfxProblem;

  constructor(problem: PfxProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** The error for what is no PKCS #12 container. */
export function malformed(): PfxError {
  return new PfxError('malformed');
}

/** Class of a tag (X.690 section 8.1.2.2). */
const CONTEXT_SPECIFIC = 3;
