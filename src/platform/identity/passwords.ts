import { randomBytes, randomInt, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const cost = 15;

/** @returns `scrypt$cost$salt$hash`; 32 MB and some 60 ms each, off the main thread. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await run(password, salt, cost);
  return `scrypt$${cost}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether the password is the stored one. Takes as long when nothing is stored, so that logins cannot be guessed by time. */
export async function checkPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, power, salt, hash] = (stored ?? '').split('$');
  if (kind !== 'scrypt' || !salt || !hash) {
    await run(password, Buffer.alloc(16), cost);
    return false;
  }
  const given = await run(password, Buffer.from(salt, 'base64url'), Number(power));
  return timingSafeEqual(given, Buffer.from(hash, 'base64url'));
}

/** A temporary password, easy to read out and to type: four groups of four letters and digits, 80 random bits. */
export function temporaryPassword(): string {
  // Without 0, o, 1 and l, which look alike.
  const signs = 'abcdefghijkmnpqrstuvwxyz23456789';
  const word = () => Array.from({ length: 4 }, () => signs[randomInt(signs.length)]).join('');
  return Array.from({ length: 4 }, word).join('-');
}

/** Never matches: for accounts that do not sign in by password. */
export const noPassword = 'none';

function run(password: string, salt: Buffer, power: number): Promise<Buffer> {
  return derive(password.normalize('NFKC'), salt, 32, { N: 2 ** power, r: 8, p: 1, maxmem: 128 * 2 ** 20 });
}

/** `same`: it is the one that was to be replaced. */
export type PasswordFault = 'short' | 'common' | 'personal' | 'same';

/** What is wrong with a new password, if anything: too short, known to everybody, or made of the login. */
export function passwordFault(password: string, about: readonly string[]): PasswordFault | null {
  const plain = password.normalize('NFKC').toLowerCase();
  if ([...plain].length < 12) return 'short';
  if (about.some((word) => word.length >= 4 && plain.includes(word.toLowerCase()))) return 'personal';
  if (new Set(plain).size < 5) return 'common';
  // What is left after taking away sequences and the words everybody uses must still be something.
  let rest = plain.replace(/[^\p{L}]+/gu, (run) => (run.length > 4 ? '' : run));
  for (const word of commonWords) rest = rest.replaceAll(word, '');
  return rest.length < 5 ? 'common' : null;
}

const commonWords = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwerty',
  'qazwsxedc',
  'qazwsx',
  '1q2w3e4r5t',
  '1q2w3e4r',
  '1q2w3e',
  'йцукенгшщз',
  'йцукен',
  'фівапролдж',
  'abcdefgh',
  'abcdef',
  'abcd',
  'password',
  'passw0rd',
  'p@ssw0rd',
  'пароль',
  'parol',
  'letmein',
  'welcome',
  'administrator',
  'administr',
  'admin',
  'iloveyou',
  'dragon',
  'monkey',
  'football',
  'baseball',
  'superman',
  'batman',
  'princess',
  'sunshine',
  'master',
  'shadow',
  'michael',
  'trustno',
  'secret',
  'changeme',
  'default',
  'login',
  'ukraine',
  'ukraina',
  'україна',
  'slavaukraini',
  'славаукраїні',
  'dnipro',
  'дніпро',
  'kyiv',
  'misto',
  'місто',
  'zaq',
  'test',
  'user',
  'pass',
  'hello',
  'love',
  'summer',
  'winter',
  'spring',
  'autumn',
];
