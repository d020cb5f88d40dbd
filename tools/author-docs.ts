/** Writes docs/labs.md and docs/schemas from the schemas of lab files and reports (`npm run docs`). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { reportSchema } from '../server/grading/report/report-schema.ts';
import { authorPage } from '../server/labs/authoring/author-page.ts';
import { editorSchemas } from '../server/labs/authoring/editor-schemas.ts';

const docs = resolve(import.meta.dirname, '..', 'docs');
mkdirSync(join(docs, 'schemas'), { recursive: true });
writeFileSync(join(docs, 'labs.md'), authorPage());
for (const [name, schema] of Object.entries({ ...editorSchemas(), report: reportSchema() }))
  writeFileSync(join(docs, 'schemas', `${name}.schema.json`), `${JSON.stringify(schema, undefined, 2)}\n`);
