import './brand.css';

/** The name and the sign. */
export function Brand() {
  return (
    <span class="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <path d="M16 4.5l5.600 3.200v6.400L16 17.300l-5.600-3.200V7.700z" stroke="#f2b84b" />
        <path d="M10.200 14.700l5.600 3.200v6.400l-5.600 3.200-5.600-3.200v-6.400z" stroke="#5cc8b4" />
        <path d="M21.800 14.700l5.600 3.200v6.400l-5.600 3.200-5.600-3.200v-6.400z" stroke="#86b9ee" />
      </svg>
      swarmlab
    </span>
  );
}
