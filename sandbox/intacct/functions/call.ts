import type { Parts } from '../parts.ts';
import type { Reader } from '../reading/reader.ts';
import type { Session } from '../sessions.ts';
import type { XmlElement } from '../xml/read.ts';

/** One function of a request, as its handler gets it. */
export interface Call {
  parts: Parts;
  session: Session;
  reader: Reader;
  /** The function's own element, such as `<query>`. */
  element: XmlElement;
  /** Functions of the whole request. */
  siblings: number;
  /** Where the request arrived, as an absolute URL. */
  url: string;
}

/** What a function gives back: XML of `<data>`, or a body without envelope. `units` is what the vendor meters. */
export interface Outcome {
  data?: string;
  raw?: { type: string; body: string };
  units?: number;
}

export interface GatewayFunction {
  /** The object that it works on, for the meter. */
  object?: (element: XmlElement) => string | undefined;
  run: (call: Call) => Outcome;
}
