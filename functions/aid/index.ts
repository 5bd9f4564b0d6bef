import { httpHandler } from '#functions/platform/http.ts'
import { actOnAid, readAid } from './act-on-aid.ts'
import { raiseAid } from './raise-aid.ts'
import { getAid, listAidSlips, listAidToDo, listMyAid } from './read-aid.ts'

export const handler = httpHandler(raiseAid, listMyAid, listAidToDo, listAidSlips, getAid, readAid, actOnAid)
