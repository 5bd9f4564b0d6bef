/** Photos that come with a form. */
export const photoWords = {
  photos: [(max: number) => `照片（可不传，最多 ${max} 张）`, (max: number) => `Photos (optional, up to ${max})`],
  photosHint: ['每张最多 4 MB。', 'Up to 4 MB each.'],
  photoKept: [
    (n: number) => `已传好的第 ${n} 张（不要就点掉）`,
    (n: number) => `Uploaded photo ${n}; untick to leave it out`,
  ],
  tooManyPhotos: [(max: number) => `最多 ${max} 张照片`, (max: number) => `At most ${max} photos`],
  photoTooLarge: ['照片太大，每张最多 4 MB', 'The photo is too large: 4 MB at most'],
} as const
