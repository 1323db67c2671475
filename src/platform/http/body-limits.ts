import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Refusal } from '../errors.ts';
import type { MistoEnv } from '../system.ts';

const megabyte = 1024 * 1024;
const onError = () => {
  throw new Refusal(413, 'too-large', 'the request is too large');
};
const plain = bodyLimit({ maxSize: megabyte, onError });
const withFiles = bodyLimit({ maxSize: 60 * megabyte, onError });

/** A form or a JSON body has at most 1 MB, a request with files 60 MB. */
export function bodyLimits(): MiddlewareHandler<MistoEnv> {
  return (c, next) =>
    /^multipart\//i.test(c.req.header('content-type') ?? '') ? withFiles(c, next) : plain(c, next);
}
