import type { Context } from 'hono';
import { filesOf } from '#platform/files/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { faulty } from '../../faults.ts';
import { beginPieces, findPieces, joinPieces, type Pieces, putPiece } from '../../pieces.ts';
import { ticketOf } from './uploading.ts';

/** What the script of the file field is told: where to go on, and the ticket once all has come. */
async function told(platform: Platform, c: Context<MistoEnv>, pieces: Pieces): Promise<Response> {
  const { id, name, bytes, come } = pieces;
  if (come < bytes) return c.json({ id, at: come });
  const content = await joinPieces(platform.db, filesOf(platform.config), pieces);
  return c.json({ id, at: come, ticket: ticketOf(platform, c.var.visit.actor.id, content, name) });
}

/** `POST /open-data/desk/upload`: begins a file that will come in pieces. */
export const beginUpload = (platform: Platform) => async (c: Context<MistoEnv>) => {
  const form = await c.req.formData();
  const input = { name: String(form.get('name') ?? ''), bytes: Number(form.get('bytes')) };
  return told(platform, c, await platform.work(c.var.visit.actor, (work) => beginPieces(work, input)));
};

/** `GET /open-data/desk/upload/{id}`: how far it is. */
export const seeUpload = (platform: Platform) => async (c: Context<MistoEnv>) =>
  told(platform, c, await findPieces(platform.db, c.var.visit.actor.id, c.req.param('upload')!));

/** `POST /open-data/desk/upload/{id}`: the next piece. */
export const uploadPiece = (platform: Platform) => async (c: Context<MistoEnv>) => {
  const upload = c.req.param('upload')!;
  await findPieces(platform.db, c.var.visit.actor.id, upload);
  const form = await c.req.formData();
  const piece = form.get('piece');
  if (!(piece instanceof File)) throw faulty('piece', 'Missing value');
  const at = Number(form.get('at'));
  const pieces = await platform.work(c.var.visit.actor, (work) =>
    putPiece(work, filesOf(platform.config), upload, at, piece.stream()),
  );
  return told(platform, c, pieces);
};
