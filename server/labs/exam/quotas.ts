import { DOMAIN_SHARES, DOMAINS, type Domain, type LabExam } from '../front-matter.ts';

/** How many questions of each kind an exam asks in a domain. */
export interface Quota {
  choice: number;
  domc: number;
}

/** An exam's questions shared out among the domains, in the proportions of the real exam. */
export function quotasOf(exam: LabExam): Record<Domain, Quota> {
  const all = shareOut(exam.choice + exam.domc);
  const choice = shareOut(exam.choice);
  const quota = (domain: Domain): Quota => {
    const ofChoice = Math.min(choice[domain], all[domain]);
    return { choice: ofChoice, domc: all[domain] - ofChoice };
  };
  return Object.fromEntries(DOMAINS.map((domain) => [domain, quota(domain)])) as Record<Domain, Quota>;
}

/** Largest remainder: nobody gets less than the whole part of its share; what is left goes to the largest fractions. */
function shareOut(total: number): Record<Domain, number> {
  const exact = DOMAINS.map((domain) => ({ domain, share: total * DOMAIN_SHARES[domain] }));
  const counts = Object.fromEntries(exact.map(({ domain, share }) => [domain, Math.floor(share)]));
  const left = total - Object.values(counts).reduce((sum, count) => sum + count, 0);
  const byFraction = [...exact].sort((a, b) => (b.share % 1) - (a.share % 1));
  for (const { domain } of byFraction.slice(0, left)) counts[domain] = (counts[domain] ?? 0) + 1;
  return counts as Record<Domain, number>;
}
