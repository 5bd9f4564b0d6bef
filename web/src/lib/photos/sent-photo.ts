/** Of a box beside a photo that arrived with a form that was refused for another reason: with the photo's id. */
export const SENT_PHOTO = 'sent.'
