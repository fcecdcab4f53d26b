// Makes migrations from the schema: `npx drizzle-kit generate --name what_changes` after a change to schema.ts.
import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/main/database/schema.ts',
  out: './src/main/database/migrations',
})
