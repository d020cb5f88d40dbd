import { z } from 'zod';
import { variableSchema } from './variables.ts';

/** The exam's domains, and the share of its items that each has. */
export const DOMAIN_SHARES = {
  orchestration: 0.25,
  images: 0.2,
  installation: 0.15,
  networking: 0.15,
  security: 0.15,
  storage: 0.1,
} as const;

export const DOMAINS = ['orchestration', 'images', 'installation', 'networking', 'security', 'storage'] as const;
export const domainSchema = z.enum(DOMAINS).describe('The domain of the exam that it belongs to.');
export type Domain = z.infer<typeof domainSchema>;

/** The nodes of a cluster when a lab does not say. */
export const DEFAULT_NODES = ['master', 'worker1', 'worker2', 'registry'] as const;

const nodeNames = z.array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a node name such as worker1')).min(1);

const clusterSchema = z.strictObject({
  nodes: nodeNames.optional().describe('The nodes; master, worker1, worker2 and registry when left out.'),
  'images-on': nodeNames.optional().describe('The only nodes that have the lab images; all when left out.'),
  registry: z.boolean().optional().describe('Whether a registry answers on the node `registry`, port 5000.'),
});

const nameSchema = z.string().regex(/^[A-Za-z_][\w-]*$/, 'expected a name of letters, digits, _ and -');

const variantSchema = z.strictObject({
  summary: z.string().describe('What is different, in a sentence.'),
  cluster: clusterSchema.optional().describe('What is different about the cluster.'),
  vars: z.record(nameSchema, variableSchema).optional().describe('Variables that have another value.'),
});

const examSchema = z.strictObject({
  minutes: z.number().int().positive().describe('How long the exam takes.'),
  choice: z.number().int().nonnegative().describe('How many multiple choice items a candidate gets.'),
  domc: z.number().int().nonnegative().describe('How many DOMC items a candidate gets.'),
  pass: z.number().min(0).max(1).describe('The share of the points that passes.'),
});

/** The front matter of a lab file. */
export const frontMatterSchema = z.strictObject({
  title: z.string().min(1),
  summary: z.string().min(1).describe('One sentence for the list of labs.'),
  minutes: z.number().int().positive().describe('How long it takes to work through.'),
  domain: domainSchema,
  order: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Its place in the list of labs on the page; labs without one come last, by their names.'),
  cluster: clusterSchema.optional(),
  vars: z.record(nameSchema, variableSchema).optional().describe('Names that the lab uses as `{{name}}`.'),
  variants: z.record(nameSchema, variantSchema).optional().describe('The same lab under other conditions.'),
  exam: examSchema.optional().describe('Makes the lab an exam: its quiz items are a pool to draw from.'),
});

export type FrontMatter = z.infer<typeof frontMatterSchema>;
export type LabCluster = z.infer<typeof clusterSchema>;
export type LabExam = z.infer<typeof examSchema>;

/** The front matter of a translation: what is not in it comes from the lab that it translates. */
export const translationFrontMatterSchema = z.strictObject({
  title: z.string().min(1).optional(),
  summary: z.string().min(1).optional(),
});
