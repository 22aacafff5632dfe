import type { NextFunction, Request, Response } from 'express';
import { RequestRefused, SlackError } from './errors.ts';
import { asText, isJson, type Json } from './model.ts';

/** Answers refusals of the client and admin addresses as JSON: 404 for what is not there, 400 for the rest. */
export function replyWithRefusal(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof RequestRefused) {
    response.status(error.status).json({ error: error.message });
  } else if (error instanceof SlackError) {
    response.status(400).json({ error: error.error });
  } else {
    next(error);
  }
}

/** The fields of a JSON body or a query. */
export class Fields {
  readonly values: Json;

  constructor(values: unknown) {
    this.values = isJson(values) ? values : {};
  }

  text(name: string): string | undefined {
    return asText(this.values[name]);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new RequestRefused(400, `${name} is missing`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    const number = Number(value);
    if (!Number.isFinite(number)) throw new RequestRefused(400, `${name} is not a number`);
    return number;
  }

  flag(name: string): boolean {
    return this.values[name] === true || this.values[name] === 'true' || this.values[name] === '1';
  }

  /** Throws RequestRefused (400) for a value that is not in the list. */
  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    const choice = choices.find((candidate) => candidate === value);
    if (value !== undefined && choice === undefined) {
      throw new RequestRefused(400, `${name} must be one of ${choices.join(', ')}`);
    }
    return choice;
  }
}
