/** A text as a literal of SQL. */
export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** A name as an identifier of SQL. */
export const named = (name: string) => `"${name.replaceAll('"', '""')}"`;
