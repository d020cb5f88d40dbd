import { expect, test } from 'vitest';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { hintsForPage, labForPage } from '../../../server/workspaces/lab/lab-for-page.ts';
import { labView } from '../../../server/workspaces/view/lab-view.ts';
import { SECRET_LAB } from './secret-lab.ts';

const parsed = parseLab(SECRET_LAB, 'secret.md');
const lab = parsed.lab;
if (lab === undefined) throw new Error(JSON.stringify(parsed.problems));
const reading = { variables: { size: 7 }, variant: undefined };

test('nothing secret is in the view, and the view is what the page understands', () => {
  const view = labForPage(lab, reading);
  expect(JSON.stringify(view)).not.toContain('SECRET');
  expect(labView.parse(view)).toEqual(view);
});

test('names are put in; one that no check has found yet is shown as such, and later as what was found', () => {
  const text = (variables: Record<string, number>) =>
    JSON.stringify(labForPage(lab, { variables, variant: undefined }));
  expect(text({ size: 7 })).toContain('the port is <port>.');
  expect(text({ size: 7 })).toContain('Make 7 of it.');
  expect(text({ size: 7 })).toContain('echo shown 7');
  expect(text({ size: 7, port: 30000 })).toContain('the port is 30000.');
});

test('HTML is text, and links lead to the web or nowhere', () => {
  const [paragraph] = labForPage(lab, reading).introduction;
  expect(paragraph).toEqual({
    type: 'paragraph',
    children: [
      { type: 'text', text: 'Words ' },
      { type: 'text', text: '<b>' },
      { type: 'text', text: 'with' },
      { type: 'text', text: '</b>' },
      { type: 'text', text: ' HTML and ' },
      { type: 'text', text: 'a link' },
      { type: 'text', text: '.' },
    ],
  });
});

test('hints come in order, as many as were asked for', () => {
  const [step] = lab.steps;
  if (step === undefined) throw new Error('no step');
  expect(hintsForPage(step, 0, reading)).toEqual([]);
  expect(JSON.stringify(hintsForPage(step, 1, reading))).toContain('First hint.');
  expect(hintsForPage(step, 9, reading)).toHaveLength(2);
});
