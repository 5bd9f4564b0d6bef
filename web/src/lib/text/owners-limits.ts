// The browser gets these instead of shared/contracts/governance-owners.ts, which brings the schema library with it. A test
// compares the two.
export const OWNERS_UNITS_MAX = 3_000
export const UNIT_LENGTH_MAX = 20
export const OWNER_CODE_LENGTH_MAX = 10
