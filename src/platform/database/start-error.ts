/** The embedded server cannot start here. The message is one line: what is wrong, and the ways out. */
export class StartError extends Error {
  override name = 'StartError';
}
