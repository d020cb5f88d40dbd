/** Paths of the icons, drawn on a 16 by 16 grid with a stroke of 1.5. */
const PATHS = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  play: 'M5 3.5l7 4.5-7 4.5z',
  copy: 'M6 5.500h6.500v7.500H6zM3.500 10.500V3h6.500',
  left: 'M10 3.500L5.500 8l4.500 4.500',
  right: 'M6 3.500l4.500 4.500L6 12.500',
  up: 'M3.500 10L8 5.500l4.500 4.500',
  down: 'M3.500 6L8 10.500l4.500-4.500',
  plus: 'M8 3v10M3 8h10',
  search: 'M7 2.800a4.200 4.200 0 1 0 0 8.400a4.200 4.200 0 1 0 0-8.400M10.200 10.200L13.500 13.500',
  sun: 'M8 5.200a2.800 2.800 0 1 0 0 5.600a2.800 2.800 0 1 0 0-5.600M8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M12.600 3.400l-.9.9M4.300 11.700l-.9.9',
  moon: 'M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500z',
  keyboard:
    'M1.800 4.200h12.400v7.600H1.800zM4.300 6.700h.1M7 6.700h.1M9.700 6.700h.1M11.900 6.700h.1M5.200 9.500h5.600',
  columns: 'M2 3h12v10H2zM8 3v10',
  bulb: 'M8 1.800a4.300 4.300 0 0 0-2.400 7.900v1.800h4.800V9.700A4.300 4.300 0 0 0 8 1.800zM6.200 13.800h3.600',
  stop: 'M4 4h8v8H4z',
  table: 'M2 3h12v10H2zM2 6.500h12M2 9.800h12M6.500 3v10',
  boxes: 'M2 2.500h5v5H2zM9 2.500h5v5H9zM2 9h5v4.500H2zM9 9h5v4.500H9z',
  more: 'M3.500 8h.1M8 8h.1M12.500 8h.1',
  star: 'M8 2l1.800 3.800 4.200.5-3.100 2.900.8 4.100L8 11.300l-3.700 2 .8-4.100L2 6.300l4.200-.5z',
  alert: 'M8 2.200L14.300 13H1.700zM8 6.500v3M8 11.300v.1',
  clock: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 4.800V8l2.200 1.500',
  eye: 'M1.500 8S4 3.500 8 3.500S14.500 8 14.500 8S12 12.500 8 12.500S1.500 8 1.500 8zM8 6.200a1.800 1.800 0 1 0 0 3.600a1.800 1.800 0 1 0 0-3.600',
  terminal: 'M2 3h12v10H2zM4.500 6l2 2-2 2M8.500 10.200h3',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside words that say the same; screen readers are told only the words. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
