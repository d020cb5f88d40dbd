import { useRef } from 'preact/hooks';
import './splitter.css';

export interface SplitterProps {
  /** What it stands between, for screen readers. */
  label: string;
  /** `vertical` is a line from top to bottom that moves sideways. */
  orientation: 'vertical' | 'horizontal';
  /** The share of the pane before (vertical) or after (horizontal) it, in percent of the parent. */
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

const STEP = 2;

/** A line between two panes that can be dragged, or moved with the arrow keys. */
export function Splitter({ label, orientation, value, min, max, onChange }: SplitterProps) {
  const line = useRef<HTMLDivElement>(null);
  const change = (next: number) => onChange(Math.round(Math.max(min, Math.min(max, next)) * 10) / 10);

  const drag = (event: PointerEvent) => {
    const area = line.current?.parentElement?.getBoundingClientRect();
    if (area === undefined || !line.current?.hasPointerCapture(event.pointerId)) return;
    if (orientation === 'vertical') change(((event.clientX - area.left) / area.width) * 100);
    else change(((area.bottom - event.clientY) / area.height) * 100);
  };

  const press = (event: KeyboardEvent) => {
    const [less, more] = orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowDown', 'ArrowUp'];
    const moves: Record<string, number> = { [less]: value - STEP, [more]: value + STEP, Home: min, End: max };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    change(next);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: <hr> takes no focus; a movable separator is what ARIA calls this.
    <div
      ref={line}
      class={`splitter splitter-${orientation}`}
      role="separator"
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}
