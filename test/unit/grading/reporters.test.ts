import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { parse } from 'yaml';
import { z } from 'zod';
import { reportSchema } from '../../../server/grading/report/report-schema.ts';
import { summarizeForGithub } from '../../../server/grading/reporters/github.ts';
import { REPORTERS } from '../../../server/grading/reporters/reporters.ts';
import { everyReport } from '../../support/reports.ts';

const SCHEMAS = join(import.meta.dirname, '..', '..', '..', 'docs', 'schemas');
const read = (name: string) => readFileSync(join(SCHEMAS, name), 'utf8');
const passed = () => ({ ...everyReport(), outcome: 'passed' as const, exitCode: 0 as const });

/** What a schema has against an XML document. */
async function objections(xml: string): Promise<string[]> {
  const schema = [{ fileName: 'junit.xsd', contents: read('junit.xsd') }];
  const { errors } = await validateXML({ xml: [{ fileName: 'report.xml', contents: xml }], schema });
  return errors.map((error) => error.message);
}

describe('JUnit', () => {
  test('is valid against the published schema, whatever the texts hold', async () => {
    expect(await objections(REPORTERS.junit(everyReport()))).toEqual([]);
  });

  test('is what the schema objects to when it is not', async () => {
    const xml = REPORTERS.junit(everyReport());
    expect(await objections(xml.replace(/ time="[\d.]+"/, ''))).not.toEqual([]);
    expect(await objections(xml.replace('<failure', '<fail').replace('</failure', '</fail'))).not.toEqual([]);
  });

  test('counts what it lists', () => {
    const [first = ''] = REPORTERS.junit(everyReport()).split('</testsuite>');
    expect(first).toMatch(/tests="5" failures="2" errors="1" skipped="1"/);
    for (const [element, count] of [
      ['testcase ', 5],
      ['failure ', 2],
      ['error ', 1],
      ['skipped ', 1],
    ] as const)
      expect(first.split(`<${element}`).length - 1, element).toBe(count);
  });
});

describe('JSON', () => {
  test('is valid against the published schema', () => {
    const published = z.fromJSONSchema(JSON.parse(read('report.schema.json')));
    expect(published.safeParse(JSON.parse(REPORTERS.json(everyReport()))).error).toBeUndefined();
    expect(published.safeParse({ ...everyReport(), steps: [{ id: 'x' }] }).success).toBe(false);
  });

  test('has the published schema that the program has', () => {
    expect(JSON.parse(read('report.schema.json')), 'npm run docs writes it anew').toEqual(
      JSON.parse(JSON.stringify(reportSchema())),
    );
  });
});

describe('TAP', () => {
  const lines = REPORTERS.tap(everyReport()).split('\n');
  const points = lines.filter((line) => /^(not )?ok /.test(line));

  test('has a plan and as many test points, numbered from one', () => {
    expect(lines.slice(0, 2)).toEqual(['TAP version 14', `1..${points.length}`]);
    expect(points.map((line) => /^(?:not )?ok (\d+) - /.exec(line)?.[1])).toEqual(['1', '2', '3', '4', '5']);
    expect(points.map((line) => line.startsWith('ok'))).toEqual([true, false, false, true, false]);
    expect(points[3]).toMatch(/[^\\]# SKIP /);
    expect(lines.filter((line) => line.startsWith('Bail out!'))).toHaveLength(1);
  });

  test('has diagnoses that are YAML', () => {
    const blocks = [...lines.join('\n').matchAll(/^ {2}---\n([\s\S]*?)\n {2}\.\.\.$/gm)].map(([, yaml]) =>
      parse(yaml ?? ''),
    );
    expect(blocks.map((block) => block.outcome)).toEqual(['wrong', 'not-yet', 'error']);
  });
});

describe('GitHub', () => {
  test('has an annotation a line, and no text can make one of its own', () => {
    const lines = REPORTERS.github(everyReport()).trimEnd().split('\n');
    const commands = lines.filter((line) => line.startsWith('::'));
    expect(commands.map((line) => /^::(\w+) /.exec(line)?.[1])).toEqual([
      'error',
      'error',
      'notice',
      'warning',
      'warning',
    ]);
    expect(lines.length - commands.length).toBe(1);
    expect(lines.join('\n')).not.toContain('\r');
  });

  test('has a summary with a table of steps and one of domains', () => {
    const summary = summarizeForGithub(passed());
    expect(summary).toMatch(/^\| Read \| unchecked \| 1\/2 \|$/m);
    expect(summary).toMatch(/^\| storage \| 1\/1 \|$/m);
    expect(summary).not.toContain('<b>');
  });
});

describe('for people', () => {
  test('it has no characters that move a terminal about', () => {
    const text = REPORTERS.pretty(everyReport());
    expect([...text].filter((character) => character < ' ' && character !== '\n')).toEqual([]);
    expect(text).toContain('50 %; 65 % passes');
  });
});
