/** A browser in few words, from its user agent: enough for the owner to recognise the session. */
export function deviceOf(userAgent: string | undefined): string {
  const agent = userAgent ?? '';
  const browser =
    [
      ['Edg', 'Edge'],
      ['OPR', 'Opera'],
      ['Firefox', 'Firefox'],
      ['Chrome', 'Chrome'],
      ['Safari', 'Safari'],
    ].find(([mark]) => agent.includes(`${mark}/`))?.[1] ?? '';
  const system =
    [
      ['Android', 'Android'],
      ['iPhone', 'iPhone'],
      ['iPad', 'iPad'],
      ['Windows', 'Windows'],
      ['Mac OS X', 'macOS'],
      ['Linux', 'Linux'],
    ].find(([mark]) => agent.includes(mark!))?.[1] ?? '';
  return [browser, system].filter(Boolean).join(', ');
}
