/** One `<error>` of the gateway. */
export interface WireError {
  errorno: string;
  description2: string;
  description?: string;
  correction?: string;
  /** What `showadditionalerrorinfo` shows. */
  errorid?: string;
}

/** The whole request is refused: at `response/` (control) or at `response/operation/` (sign-in and session). */
export class RequestRefused extends Error {
  readonly level: 'control' | 'operation';
  readonly errors: WireError[];

  constructor(level: 'control' | 'operation', ...errors: WireError[]) {
    super(errors.map(({ errorno, description2 }) => `${errorno} ${description2}`).join('; '));
    this.level = level;
    this.errors = errors;
  }
}

/** One function failed: `response/operation/result/`. `data` is what the result holds before its errormessage. */
export class FunctionFailed extends Error {
  readonly errors: WireError[];
  readonly data: string | undefined;

  constructor(errors: WireError[], data?: string) {
    super(errors.map(({ errorno, description2 }) => `${errorno} ${description2}`).join('; '));
    this.errors = errors;
    this.data = data;
  }
}

/** The gateway in front refuses with an HTTP status of its own and a short XML body. */
export class HttpRefused extends Error {
  readonly status: number;
  readonly errorno: string;

  constructor(status: number, errorno: string, description: string) {
    super(description);
    this.status = status;
    this.errorno = errorno;
  }
}

export function schemaError(words: string): RequestRefused {
  return new RequestRefused('control', { errorno: 'XL03000003', description2: `XML Parse schema error: ${words}` });
}

/** A business refusal comes as a pair: the reason, then what could not be done. */
export function refusal(reason: string, undone: string, errorid?: string): FunctionFailed {
  return new FunctionFailed(
    [
      { errorno: 'BL01001973', description2: reason, ...(errorid ? { errorid } : {}) },
      { errorno: 'BL01001973', description2: undone },
    ],
    '<data listtype="objects" count="0"></data>',
  );
}

/** The vague one: an unknown field, an ISO date, an ORDER BY where there is none. */
export function vagueError(): FunctionFailed {
  return new FunctionFailed([
    {
      errorno: 'DL02000001',
      description2: 'There was an error processing the request.',
      correction: 'Contact the system administrator.',
    },
  ]);
}
