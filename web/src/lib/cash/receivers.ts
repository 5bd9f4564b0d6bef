/** As in the contract, which would bring the schema library with it. A test compares the two. */
export const receivers = ['buyer', 'household', 'other'] as const
