import type { LabSummary } from '../../server/workspaces/view/lab-view.ts';
import { Icon } from '../ui/icon.tsx';

export interface LabCardProps {
  lab: LabSummary;
  onStart: (lab: LabSummary, variant?: string) => void;
}

/** One lab: what it is about, how far one is, and the way in. */
export function LabCard({ lab, onStart }: LabCardProps) {
  const { workspace } = lab;
  const share = workspace === undefined || lab.steps === 0 ? 0 : (workspace.stepsPassed / lab.steps) * 100;
  return (
    <li class="lab-card">
      <p class="lab-card-domain">{lab.domain}</p>
      <h2>{lab.title}</h2>
      <p>{lab.summary}</p>
      <p class="lab-card-facts">
        <span>
          <Icon name="clock" /> {lab.minutes} min
        </span>
        <span>
          {lab.steps} steps · {lab.points} points
        </span>
      </p>
      {workspace !== undefined && (
        <div class="lab-card-progress">
          <progress max={100} value={share} aria-label="Steps done" />
          <span>
            {workspace.stepsPassed} of {lab.steps}
          </span>
        </div>
      )}
      <div class="lab-card-buttons">
        <button type="button" class="primary" onClick={() => onStart(lab)}>
          {workspace === undefined ? 'Start' : 'Go on'} <Icon name="right" />
        </button>
        {lab.variants.map((variant) => (
          <button key={variant.name} type="button" title={variant.summary} onClick={() => onStart(lab, variant.name)}>
            Variant: {variant.name}
          </button>
        ))}
      </div>
    </li>
  );
}
