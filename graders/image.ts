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
    same: text().optional().describe('It is the same image as this one, by ID.'),
    absent: absent(),
  },
  async observe(spec, view) {
    const nodes = spec.on ?? view.cluster.nodes.map((node) => node.name);
    const name = imageName(spec.image);
    return Promise.all(
      nodes.map(async (node) => {
        const images = await view.images(node);
        const idOf = (tag: string) => images.find((image) => image.RepoTags.includes(tag))?.Id;
        const id = idOf(name);
        const same = spec.same === undefined || idOf(imageName(spec.same)) === id;
        return { node, there: id !== undefined, same };
      }),
    );
  },
  explain(spec, seen) {
    const having = seen.filter(({ there }) => there).map(({ node }) => node);
    const all = seen.map(({ node }) => node);
    const wanted = spec.absent ? [] : all;
    const other = seen.filter(({ there, same }) => there && !same).map(({ node }) => node);
    return combine(
      `image ${imageName(spec.image)}`,
      [
        compare(having.length === wanted.length, `on ${listed(wanted)}`, `on ${listed(having)}`),
        ...(spec.same === undefined || having.length === 0
          ? []
          : [
              compare(
                other.length === 0,
                `the same as ${imageName(spec.same)}`,
                other.length === 0 ? 'the same' : `another image on ${listed(other)}`,
              ),
            ]),
      ],
      { next: 'Look at `docker image ls` on the node.' },
    );
  },
});
