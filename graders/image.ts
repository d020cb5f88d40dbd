import { combine, compare } from './aspect.ts';
import { absent, imageName, listed, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';

/** Images on nodes. */
export const image = defineGrader({
  name: 'image',
  summary: 'An image on nodes: there, or not there.',
  example: '- image: nginx:1.26\n  on: [worker1]',
  cost: 'state',
  fields: {
    image: text().describe('Its name; `:latest` is meant where no tag is named.'),
    on: texts().optional().describe('Nodes to look at; all when left out.'),
    absent: absent(),
  },
  async observe(spec, view) {
    const nodes = spec.on ?? view.cluster.nodes.map((node) => node.name);
    const name = imageName(spec.image);
    return Promise.all(
      nodes.map(async (node) => ({
        node,
        there: (await view.images(node)).some((image) => image.RepoTags.includes(name)),
      })),
    );
  },
  explain(spec, seen) {
    const having = seen.filter(({ there }) => there).map(({ node }) => node);
    const all = seen.map(({ node }) => node);
    const wanted = spec.absent ? [] : all;
    return combine(
      `image ${imageName(spec.image)}`,
      [compare(having.length === wanted.length, `on ${listed(wanted)}`, `on ${listed(having)}`)],
      { next: 'Look at `docker image ls` on the node.' },
    );
  },
});
