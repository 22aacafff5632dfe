import { format, inspect } from 'node:util';
import winston from 'winston';
import { redactFields, redactText } from './log-redaction.ts';

/** `log.info('what happened', { fields })`; an error goes into a field: `{ error }`. */
export type Logger = winston.Logger;
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface LogOptions {
  level: LogLevel;
  /** `auto`: text where standard output is a terminal, else JSON. */
  format: 'auto' | 'json' | 'text';
  /** Where lines go; standard output unless told otherwise. */
  stream?: NodeJS.WritableStream;
}

interface Line {
  time: string;
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

function lineOf(info: winston.Logform.TransformableInfo): Line {
  const { level, message, stack, ...rest } = info;
  const [first] = (info[Symbol.for('splat')] as unknown[] | undefined) ?? [];
  // winston spreads an error given in place of the fields, and loses its cause.
  const error = first instanceof Error ? first : info instanceof Error ? info : null;
  const fields = redactFields(error ? { error } : { ...rest, ...(stack === undefined ? {} : { stack }) });
  const text = typeof message === 'string' ? message : format('%o', message);
  return { time: new Date().toISOString(), level, message: redactText(text), fields };
}

function asJson({ time, level, message, fields }: Line): string {
  const head = { time, level, message };
  return JSON.stringify({ ...head, ...fields, ...head });
}

function shown(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return typeof value === 'object'
    ? inspect(value, { depth: 8, breakLength: Number.POSITIVE_INFINITY })
    : String(value);
}

function asText({ time, level, message, fields }: Line): string {
  const entries = Object.entries(fields);
  const errors = entries.map(([, value]) => value).filter(isError);
  const pairs = entries.filter(([, value]) => !isError(value)).map(([key, value]) => ` ${key}=${shown(value)}`);
  return [
    `${time} ${level.padEnd(5)} ${message}${pairs.join('')}`,
    ...errors.flatMap((error) => errorLines(error)),
  ].join('\n');
}

interface PlainError extends Record<string, unknown> {
  stack: string;
}

const isError = (value: unknown): value is PlainError =>
  typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string';

function errorLines({ stack, name: _name, message: _message, cause, errors, ...fields }: PlainError): string[] {
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${shown(value)}`);
  const inner = [...(Array.isArray(errors) ? errors : []), ...(cause === undefined ? [] : [cause])];
  return [
    ...stack.split('\n').map((line) => `    ${line}`),
    ...(pairs.length > 0 ? [`    with${pairs.join('')}`] : []),
    ...inner.flatMap((one) => (isError(one) ? ['    caused by', ...errorLines(one)] : [`    caused by ${shown(one)}`])),
  ];
}

/** A winston logger whose lines hold no secret: masked by key and by look, in the message and in every field. */
export function createLog({ level, format: wanted, stream = process.stdout }: LogOptions): Logger {
  const terminal = 'isTTY' in stream && stream.isTTY === true;
  const print = wanted === 'text' || (wanted === 'auto' && terminal) ? asText : asJson;
  return winston.createLogger({
    level,
    format: winston.format.printf((info) => print(lineOf(info))),
    transports: [new winston.transports.Stream({ stream })],
    exitOnError: false,
  });
}
