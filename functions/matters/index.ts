import { httpHandler } from '#functions/platform/http.ts'
import { actOnMatter } from './act-on-matter.ts'
import {
  getMatter,
  getMatterFigures,
  getMatterPhoto,
  listMatters,
  listMattersOfBody,
  listMyMatters,
  listOpenMatters,
} from './get-matter.ts'
import { importHotline } from './import-hotline.ts'
import { raiseMatter } from './raise-matter.ts'
import { followMatter, rateMatter } from './voices.ts'

export const handler = httpHandler(
  listMatters,
  listMyMatters,
  listMattersOfBody,
  listOpenMatters,
  getMatterFigures,
  getMatterPhoto,
  getMatter,
  raiseMatter,
  actOnMatter,
  followMatter,
  rateMatter,
  importHotline,
)
