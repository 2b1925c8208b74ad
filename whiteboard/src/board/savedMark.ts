import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** Message type of the mark that the server returns once everything before it is committed. */
export const MARK_TYPE = 102;

/** A mark as it goes over the wire: `66`, then the version as a varUint with its length in front. */
export function encodeMark(version: number): Uint8Array<ArrayBuffer> {
  const frame = encoding.createEncoder();
  encoding.writeVarUint(frame, MARK_TYPE);
  const payload = encoding.createEncoder();
  encoding.writeVarUint(payload, version);
  encoding.writeVarUint8Array(frame, encoding.toUint8Array(payload));
  return encoding.toUint8Array(frame) as Uint8Array<ArrayBuffer>;
}

/** The version in a returned mark, whose type has been read already. */
export function readMark(frame: decoding.Decoder): number {
  return decoding.readVarUint(decoding.createDecoder(decoding.readVarUint8Array(frame)));
}
