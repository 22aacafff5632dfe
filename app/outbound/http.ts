/** One request to an ERP. `url` is absolute; the body is what the caller has encoded. */
export interface ErpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** From the first byte sent to the last one read; default 60,000 ms. */
  timeoutMs?: number;
  /** A longer body is cut off with a PermanentError; default 16 MiB. */
  maxBytes?: number;
  /** A POST that only reads: asking again is harmless, so a lost answer is no UnclearError. */
  readsOnly?: boolean;
  signal?: AbortSignal;
}

export interface ErpResponse {
  status: number;
  /** Lower-case names; repeated headers joined with ", " except `set-cookie`. */
  headers: Record<string, string>;
  setCookies: string[];
  text: string;
  /** Set where the body is no UTF-8: `text` then holds replacement characters. */
  malformed?: true;
  /** The address that answered, after redirects. */
  url: string;
}

/**
 * The one way out to an ERP. Resolves for every HTTP status; throws RetryableError where the request surely never
 * left, UnclearError where it may have arrived (not for GET and `readsOnly`: reading again is harmless, so RetryableError),
 * PermanentError for an address that is not allowed or, where it was to be read only, an oversized body.
 */
export interface ErpHttp {
  request(request: ErpRequest): Promise<ErpResponse>;
}
