import { httpHandler } from '#functions/platform/http.ts'
import { getClaimPhoto } from './get-claim-photo.ts'
import { getPhoto } from './get-photo.ts'
import { putPhoto } from './put-photo.ts'

export const handler = httpHandler(putPhoto, getPhoto, getClaimPhoto)
