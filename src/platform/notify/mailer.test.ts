import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll, expect, it } from 'vitest';
import { smtpMailer } from './mailer.ts';

const taken: { letter: string; from: string; notify: unknown }[] = [];
const server = new SMTPServer({
  authOptional: true,
  hideDSN: false,
  disabledCommands: ['STARTTLS'],
  onData: (stream, session, done) => {
    text(stream).then((letter) => {
      const { mailFrom, rcptTo } = session.envelope as unknown as {
        mailFrom: { address: string };
        rcptTo: { dsn?: { notify: unknown } }[];
      };
      taken.push({ letter, from: mailFrom.address, notify: rcptTo[0]!.dsn?.notify ?? null });
      done();
    }, done);
  },
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

const relaxed = (header: string) => {
  const at = header.indexOf(':');
  const value = header
    .slice(at + 1)
    .replaceAll(/\r\n/g, '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
  return `${header.slice(0, at).trim().toLowerCase()}:${value}`;
};

/** Checks a signature as RFC 6376 section 6 says, for relaxed headers and body. */
function isSigned(letter: string, publicKey: string): boolean {
  const end = letter.indexOf('\r\n\r\n');
  const headers = letter.slice(0, end).split(/\r\n(?![ \t])/);
  const body = `${letter
    .slice(end + 4)
    .split('\r\n')
    .map((line) => line.replaceAll(/[ \t]+/g, ' ').trimEnd())
    .join('\r\n')
    .replace(/(\r\n)+$/, '')}\r\n`;
  const own = headers.find((header) => /^DKIM-Signature:/i.test(header))!;
  const tag = (name: string) => new RegExp(`[;:\\s]${name}=([^;]+)`).exec(own)![1]!.replaceAll(/\s+/g, '');
  if (createHash('sha256').update(body).digest('base64') !== tag('bh')) return false;
  const signed = tag('h')
    .split(':')
    .flatMap(
      (name) => headers.findLast((header) => header.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ?? [],
    )
    .map((header) => `${relaxed(header)}\r\n`);
  const bare = relaxed(own).replace(/([; ]b=)[^;]*/, '$1');
  return verify('sha256', Buffer.from(signed.join('') + bare), publicKey, Buffer.from(tag('b'), 'base64'));
}

it('with a key letters carry the signature of the sender’s domain, which breaks with the letter', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const mailer = smtpMailer(url, 'city@misto.example', {
    dkim: { selector: 'misto', privateKey },
    bounces: 'back@misto.example',
  });
  await mailer.send({
    to: 'olena@example.test',
    subject: 'Рішення',
    text: 'Готове.\n',
    html: '<p>Готове.</p>',
  });
  const { letter, from } = taken.pop()!;
  expect(from).toBe('back@misto.example');
  expect(letter).toMatch(/^DKIM-Signature:[\s\S]*\bd=misto\.example;[\s\S]*\bs=misto;/m);
  expect(isSigned(letter, publicKey)).toBe(true);
  expect(isSigned(letter.replace(/^Subject: .*$/m, 'Subject: Other'), publicKey)).toBe(false);
  expect(isSigned(`${letter}x`, publicKey)).toBe(false);
});

it('without one letters go out unsigned, and back to the sender', async () => {
  await smtpMailer(url, 'city@misto.example').send({
    to: 'olena@example.test',
    subject: 'Рішення',
    text: 'Готове.',
  });
  const { letter, from } = taken.pop()!;
  expect(from).toBe('city@misto.example');
  expect(letter).not.toContain('DKIM-Signature');
});

it('of what the law wants sent the mail servers are asked to say when it has arrived', async () => {
  const mailer = smtpMailer(url, 'city@misto.example');
  const letter = { to: 'olena@example.test', subject: 'Рішення', text: 'Готове.' };
  await mailer.send({ ...letter, proof: true });
  expect(taken.pop()!.notify).toEqual(['SUCCESS', 'FAILURE']);
  await mailer.send(letter);
  expect(taken.pop()!.notify).toBeNull();
});
