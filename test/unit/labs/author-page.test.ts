import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GRADERS } from '../../../graders/registry.ts';
import { authorPage } from '../../../server/labs/authoring/author-page.ts';
import { editorSchemas } from '../../../server/labs/authoring/editor-schemas.ts';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const HOW = 'npm run docs writes it anew';

describe('the authors’ page', () => {
  test('is the one that the schemas and graders give', () => {
    expect(readFileSync(join(docs, 'labs.md'), 'utf8'), HOW).toBe(authorPage());
  });

  test('tells of every grader and every field', () => {
    const page = authorPage();
    for (const grader of GRADERS.values()) {
      expect(page).toContain(`### \`${grader.name}\``);
      for (const field of Object.keys(grader.fields)) expect(page).toContain(`- \`${field}\` (`);
    }
  });
});

test.each(Object.entries(editorSchemas()))(
  'the schema for editors of %s is the one that is written',
  (name, schema) => {
    const written = readFileSync(join(docs, 'schemas', `${name}.schema.json`), 'utf8');
    expect(JSON.parse(written), HOW).toEqual(JSON.parse(JSON.stringify(schema)));
  },
);
