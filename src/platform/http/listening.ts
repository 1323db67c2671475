import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../database/start-error.ts';

/**
 * Begins to listen.
 *
 * @param setting the variable that names the port, for the way out.
 * @returns the port: 0 takes a free one.
 * @throws StartError, one line, when it cannot.
 */
export function listenOn(server: Server, host: string, port: number, setting: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = ({ code }: NodeJS.ErrnoException) => reject(cannotListen(host, port, setting, code));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function cannotListen(host: string, port: number, setting: string, code: string | undefined): StartError {
  return new StartError(`cannot listen on ${host}:${port}: ${wayOut(setting, code)}`);
}

function wayOut(setting: string, code: string | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return `another program listens there, perhaps a misto that runs already. Stop it, or set another ${setting}.`;
    case 'EACCES':
      return `this user may not. Set ${setting} to 1024 or more and put a proxy in front.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no such address. Correct ${setting.replace('PORT', 'HOST')}.`;
    default:
      return `${code}. Set another ${setting}.`;
  }
}
