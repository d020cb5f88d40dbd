import { createContext } from 'preact';

/** The language that the lab's own text is in: the page's, unless a translation is shown. What the page itself says stays in its own. */
export const LabLanguage = createContext<string | undefined>(undefined);
