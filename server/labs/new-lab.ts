import type { Domain } from './front-matter.ts';

export interface NewLab {
  title: string;
  summary: string;
  minutes: number;
  domain: Domain;
  /** The service that the lab's two steps are about. */
  service: string;
}

/** The text of a lab of two steps that lints and proves as it is, for an author to change. */
export function newLab({ title, summary, minutes, domain, service }: NewLab): string {
  const fence = '```';
  return `---
title: ${JSON.stringify(title)}
summary: ${JSON.stringify(summary)}
minutes: ${minutes}
domain: ${domain}
vars:
  replicas: { pick: [3, 4, 5] }
---

# ${title}

Say here what the student will be able to do afterwards, and what there is to work with.

## Create the service {#create points=2}

Say what is wanted, and why. Create the service \`${service}\`:

${fence}sh run=master
docker service create --name ${service} nginx
${fence}

${fence}yaml check
- service: ${service}
  image: nginx
  running: 1
  title: ${service} runs one task
${fence}

${fence}sh wrong=master because="another name"
docker service create --name ${service}-2 nginx
${fence}

${fence}md hint
\`docker service create --help\` shows the order of the arguments.
${fence}

## Scale it {#scale points=2}

Now {{replicas}} of them. This time the student has to find the command alone:

${fence}sh solution=master
docker service scale ${service}={{replicas}}
${fence}

${fence}yaml check
- service: ${service}
  running: "{{replicas}}"
  within: 60s
  title: ${service} runs {{replicas}} tasks
${fence}

${fence}sh wrong=master because="one task too few"
docker service scale ${service}=2
${fence}

${fence}md hint
Two commands change the number of replicas: \`docker service scale\` and \`docker service update\`.
${fence}
`;
}
