import { type CellsRead, readWhole, SHEET_BYTES_MAX } from './read-cells.ts'

/** The sheet that a form brought along, whole or not at all. */
export async function sentSheet(request: Request): Promise<CellsRead> {
  const file = (await request.formData()).get('file')
  if (!(file instanceof File) || file.size === 0) return { fault: 'empty' }
  if (file.size > SHEET_BYTES_MAX) return { fault: 'too-large' }
  return readWhole(new Uint8Array(await file.arrayBuffer()))
}
