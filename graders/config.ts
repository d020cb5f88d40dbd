import { matchesPattern } from '../server/labs/pattern.ts';
import { type Aspect, combine, compare, gone, missing } from './aspect.ts';
import { absent, listed, pairs, pattern, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';

/** A config, what is in it, and the services that get it. */
export const config = defineGrader({
  name: 'config',
  summary: 'A config, what is in it, and the services that get it.',
  example: '- config: site\n  contains: Hello\n  services: web',
  cost: 'state',
  fields: {
    config: text().describe('Its exact name.'),
    absent: absent(),
    labels: pairs().optional(),
    contains: text().optional().describe('Text in its content.'),
    matches: pattern().optional().describe('A regular expression that its content matches.'),
    services: texts().optional().describe('Services that get it (others may, too).'),
  },
  async observe(spec, view) {
    const [configs, services] = await Promise.all([view.configs(), view.services()]);
    return {
      config: configs.find((candidate) => candidate.Spec.Name === spec.config),
      services: services
        .filter((service) =>
          service.Spec.TaskTemplate.ContainerSpec?.Configs.some(({ ConfigName }) => ConfigName === spec.config),
        )
        .map((service) => service.Spec.Name),
    };
  },
  explain(spec, { config, services }) {
    const subject = `config ${spec.config}`;
    const next = '`docker config ls` lists what there is.';
    if (spec.absent) return gone(subject, config && 'still there', next);
    if (config === undefined) return missing(subject, next);
    const content = Buffer.from(config.Spec.Data ?? '', 'base64').toString('utf8');
    const aspects: Aspect[] = Object.entries(spec.labels ?? {}).map(([key, value]) =>
      compare(
        config.Spec.Labels[key] === value,
        `label ${key}=${value}`,
        `label ${key}=${config.Spec.Labels[key] ?? ''}`,
      ),
    );
    if (spec.contains !== undefined)
      aspects.push(compare(content.includes(spec.contains), `"${spec.contains}" in it`, 'other content'));
    if (spec.matches !== undefined)
      aspects.push(
        compare(matchesPattern(spec.matches, content, 'm'), `content matching ${spec.matches}`, 'other content'),
      );
    if (spec.services !== undefined)
      aspects.push(
        compare(
          spec.services.every((name) => services.includes(name)),
          `given to ${listed(spec.services)}`,
          `given to ${listed(services)}`,
        ),
      );
    if (aspects.length === 0) aspects.push(compare(true, 'to be there', 'there'));
    return combine(subject, aspects, { next: `Look at \`docker config inspect --pretty ${spec.config}\`.` });
  },
});
