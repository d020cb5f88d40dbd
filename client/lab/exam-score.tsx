import type { LabView } from '../../server/workspaces/view/lab-view.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import { scoresByDomain } from './exam-clock.ts';
import './exam.css';

/** An exam's score so far, by domain, and whether it would pass. */
export function ExamScore({ model, lab }: { model: WorkspaceModel; lab: LabView }) {
  if (lab.exam === undefined) return null;
  const scores = scoresByDomain(
    lab.steps.map(({ id, domain, points }) => ({ domain, points, earned: model.progressOf(id).points })),
  );
  const earned = scores.reduce((sum, score) => sum + score.earned, 0);
  const of = scores.reduce((sum, score) => sum + score.of, 0);
  const needed = Math.ceil(of * lab.exam.pass);
  const passed = earned >= needed;
  return (
    <section class="exam-score" aria-label="Score">
      <h3>
        {earned} of {of} points{' '}
        <span class={passed ? 'exam-passed' : 'exam-open'}>{passed ? 'passed' : `${needed} pass`}</span>
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Domain</th>
            <th scope="col">Points</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {scores.map((score) => (
            <tr key={score.domain}>
              <th scope="row">{score.domain}</th>
              <td>
                {score.earned} of {score.of}
              </td>
              <td>
                <progress max={score.of} value={score.earned} aria-label={`${score.domain}: share of its points`} />{' '}
                {Math.round((score.earned / score.of) * 100)} %
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
