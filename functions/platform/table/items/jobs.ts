import * as z from 'zod'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** How far a job that walks a list has come: the next run goes on behind `after`. */
export const bookmarkItem = stored('bookmark', { after: z.string().min(1), at: instantSchema })
