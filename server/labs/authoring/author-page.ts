import { GRADERS } from '../../../graders/registry.ts';
import { DOCKER_COMMANDS } from '../../../graders/request/docker-commands.ts';
import { timingFields } from '../check-schema.ts';
import { DOMAINS, frontMatterSchema } from '../front-matter.ts';
import { SMELLS } from '../lint/lint-lab.ts';
import { liveAnswerSchema, quizItemSchema } from '../quiz.ts';
import { describeFields } from './describe-fields.ts';
import { GUIDE } from './guide.ts';

/** The authors' reference: what is written by hand, then everything that the schemas and graders say of themselves. */
export function authorPage(): string {
  const sections = [
    GUIDE,
    '## Front matter',
    `Domains: ${DOMAINS.join(', ')}.`,
    describeFields(frontMatterSchema.shape).join('\n'),
    '## What every check may say',
    describeFields(timingFields).join('\n'),
    '## Questions',
    'A `yaml quiz` block is a list of questions:',
    describeFields(quizItemSchema.shape).join('\n'),
    '`live` reads the answer from the cluster when it is graded:',
    describeFields(liveAnswerSchema.shape).join('\n'),
    '## Graders',
    ...[...GRADERS.values()].flatMap((grader) => [
      `### \`${grader.name}\``,
      grader.summary,
      fence('yaml', grader.example),
      describeFields(grader.fields).join('\n'),
    ]),
    '### Commands that `request` knows',
    Object.keys(DOCKER_COMMANDS)
      .map((command) => `\`${command}\``)
      .join(', '),
    '## Smells that `swarmlab lint` knows',
    SMELLS.map((smell) => `- \`${smell.rule}\`: ${smell.about}`).join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
