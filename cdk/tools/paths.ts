import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** What is made here and can be thrown away. */
export const buildDir = join(root, '.build')
export const functionsDir = join(buildDir, 'functions')
export const webBuildDir = join(root, 'web', 'build')
