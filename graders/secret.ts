import { combine, compare, gone, missing } from './aspect.ts';
import { absent, listed, pairs, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';

/** A secret, and the services that get it. Its content cannot be read back, by anybody. */
export const secret = defineGrader({
  name: 'secret',
  summary: 'A secret, its labels, and the services that get it. Its content cannot be read back, by anybody.',
  example: '- secret: db-password\n  services: [db]',
  cost: 'state',
  fields: {
    secret: text().describe('Its exact name.'),
    absent: absent(),
    labels: pairs().optional(),
    services: texts().optional().describe('Services that get it (others may, too).'),
  },
  async observe(spec, view) {
    const [secrets, services] = await Promise.all([view.secrets(), view.services()]);
    return {
      secret: secrets.find((candidate) => candidate.Spec.Name === spec.secret),
      services: services
        .filter((service) =>
          service.Spec.TaskTemplate.ContainerSpec?.Secrets.some(({ SecretName }) => SecretName === spec.secret),
        )
        .map((service) => service.Spec.Name),
    };
  },
  explain(spec, { secret, services }) {
    const subject = `secret ${spec.secret}`;
    const next = '`docker secret ls` lists what there is.';
    if (spec.absent) return gone(subject, secret && 'still there', next);
    if (secret === undefined) return missing(subject, next);
    const labels = Object.entries(spec.labels ?? {}).map(([key, value]) =>
      compare(
        secret.Spec.Labels[key] === value,
        `label ${key}=${value}`,
        `label ${key}=${secret.Spec.Labels[key] ?? ''}`,
      ),
    );
    const wanted = spec.services ?? [];
    const used = compare(
      wanted.every((name) => services.includes(name)),
      wanted.length === 0 ? 'to be there' : `given to ${listed(wanted)}`,
      wanted.length === 0 ? 'there' : `given to ${listed(services)}`,
    );
    return combine(subject, [...labels, used], { next: `Look at \`docker secret inspect ${spec.secret}\`.` });
  },
});
