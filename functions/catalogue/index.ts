import { httpHandler } from '#functions/platform/http.ts'
import { importListings } from './import-listings.ts'
import { listListings } from './list-listings.ts'
import { saveListing } from './save-listing.ts'

export const handler = httpHandler(listListings, saveListing, importListings)
