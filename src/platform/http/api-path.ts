/** Paths of programs: they get problem+json whatever they accept, and have keys instead of form tokens. */
const apiPrefixes = ['/api', '/open311'];

export function isApiPath(path: string): boolean {
  // Programs join a base that ends with a slash and a path that begins with one.
  const tidy = path.replace(/^\/+/, '/');
  return apiPrefixes.some((prefix) => tidy === prefix || tidy.startsWith(`${prefix}/`));
}
