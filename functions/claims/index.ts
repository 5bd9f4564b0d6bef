import { httpHandler } from '#functions/platform/http.ts'
import { fileClaim } from './file-claim.ts'
import { listClaims } from './list-claims.ts'
import { listGroupBuyClaims } from './list-group-buy-claims.ts'

export const handler = httpHandler(fileClaim, listClaims, listGroupBuyClaims)
