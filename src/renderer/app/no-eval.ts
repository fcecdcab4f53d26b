// Imported before anything that makes a schema: zod would otherwise try to compile checks at run time, which the content
// policy refuses and reports.
import { config } from 'zod'

config({ jitless: true })
