export { nightly as handler } from './reconcile.ts'
