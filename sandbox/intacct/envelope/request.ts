import { schemaError } from '../errors.ts';
import { child, readXml, textOf, type XmlElement, XmlProblem } from '../xml/read.ts';

export interface Control {
  senderId: string;
  password: string;
  controlId: string;
  uniqueId: boolean;
  dtdVersion: string;
  policyId: string;
  includeWhitespace: boolean;
  showAdditionalErrorInfo: boolean;
}

export interface Login {
  userId: string;
  companyId: string;
  password: string;
  locationId: string;
}

export interface AskedFunction {
  controlId: string;
  element: XmlElement;
}

export interface GatewayRequest {
  control: Control;
  transaction: boolean;
  authentication: { login: Login } | { sessionId: string };
  functions: AskedFunction[];
}

const controlOrder = [
  'appid',
  'senderid',
  'password',
  'controlid',
  'uniqueid',
  'dtdversion',
  'policyid',
  'debug',
  'includewhitespace',
  'showadditionalerrorinfo',
];
const loginOrder = ['userid', 'companyid', 'password', 'clientid', 'locationid'];
const controlIdMost = 256;

/** Children may be left out but not come in another order, twice, or under another name. */
function inOrder(element: XmlElement, order: readonly string[], required: readonly string[]): void {
  let last = -1;
  for (const { name } of element.children) {
    const place = order.indexOf(name);
    if (place <= last) throw schemaError(`Element '${name}': This element is not expected in '${element.name}'.`);
    last = place;
  }
  for (const name of required) {
    if (!child(element, name)) throw schemaError(`Element '${element.name}': Missing child element ${name}.`);
  }
}

function needed(element: XmlElement, name: string): XmlElement {
  const found = child(element, name);
  if (!found) throw schemaError(`Element '${element.name}': Missing child element(s). Expected is ( ${name} ).`);
  return found;
}

function truth(text: string | undefined, fallback: boolean): boolean {
  if (text === undefined || text === '') return fallback;
  if (text !== 'true' && text !== 'false') throw schemaError(`'${text}' is not a valid value of the type boolean.`);
  return text === 'true';
}

/** Reads a document. Throws RequestRefused with XL03000003 where it is not well-formed or not a request. */
export function parseRequest(text: string): XmlElement {
  try {
    const root = readXml(text);
    if (root.name !== 'request') throw schemaError(`Element '${root.name}': No matching global declaration available.`);
    return root;
  } catch (error) {
    if (error instanceof XmlProblem) throw schemaError(`Fatal Error: ${error.message}`);
    throw error;
  }
}

/** The first part of a request, which is answered even where the rest is wrong. */
export function readControl(root: XmlElement): Control {
  const element = needed(root, 'control');
  inOrder(element, controlOrder, ['senderid', 'password', 'controlid']);
  const controlId = textOf(element, 'controlid') ?? '';
  if (controlId.length < 1 || controlId.length > controlIdMost) {
    throw schemaError(`Element 'controlid': the value has a length of ${controlId.length}; 1 to 256 are allowed.`);
  }
  const dtdVersion = textOf(element, 'dtdversion') || '2.1';
  if (dtdVersion !== '2.1' && dtdVersion !== '3.0') throw schemaError(`Unknown dtdversion ${dtdVersion}.`);
  return {
    senderId: textOf(element, 'senderid') ?? '',
    password: textOf(element, 'password') ?? '',
    controlId,
    uniqueId: truth(textOf(element, 'uniqueid'), true),
    dtdVersion,
    policyId: textOf(element, 'policyid') ?? '',
    includeWhitespace: truth(textOf(element, 'includewhitespace'), false),
    showAdditionalErrorInfo: truth(textOf(element, 'showadditionalerrorinfo'), false),
  };
}

function readAuthentication(operation: XmlElement): GatewayRequest['authentication'] {
  const element = needed(operation, 'authentication');
  const [way] = element.children;
  if (!way || element.children.length > 1) throw schemaError("Element 'authentication': one of login and sessionid.");
  if (way.name === 'sessionid') return { sessionId: way.text.trim() };
  if (way.name !== 'login') throw schemaError(`Element '${way.name}': This element is not expected.`);
  inOrder(way, loginOrder, ['userid', 'companyid', 'password']);
  const login = {
    userId: textOf(way, 'userid') ?? '',
    companyId: textOf(way, 'companyid') ?? '',
    password: textOf(way, 'password') ?? '',
    locationId: textOf(way, 'locationid') ?? '',
  };
  return { login };
}

/** The rest of a request. Throws RequestRefused with XL03000003. `known` tells the functions of the schema. */
export function readOperation(root: XmlElement, control: Control, known: (name: string) => boolean): GatewayRequest {
  inOrder(root, ['control', 'operation'], ['operation']);
  const operation = needed(root, 'operation');
  inOrder(operation, ['authentication', 'content'], ['authentication', 'content']);
  const content = needed(operation, 'content');
  if (content.children.length === 0)
    throw schemaError("Element 'content': Missing child element(s). Expected is ( function ).");
  const functions = content.children.map((element) => {
    if (element.name !== 'function') throw schemaError(`Element '${element.name}': This element is not expected.`);
    const { controlid } = element.attributes;
    if (controlid === undefined) throw schemaError("Element 'function': The attribute 'controlid' is required.");
    if (controlid.length > controlIdMost) throw schemaError("Attribute 'controlid': the value is too long.");
    const [asked] = element.children;
    if (!asked || element.children.length > 1) throw schemaError("Element 'function': exactly one child is expected.");
    if (!known(asked.name)) throw schemaError(`Element '${asked.name}': This element is not expected.`);
    return { controlId: controlid, element: asked };
  });
  if (control.dtdVersion !== '3.0') throw schemaError('These functions need dtdversion 3.0.');
  const transaction = truth(operation.attributes.transaction, false);
  return { control, transaction, authentication: readAuthentication(operation), functions };
}
