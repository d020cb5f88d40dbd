import { z } from 'zod';

/**
 * A lab's prose as the page draws it: Markdown's own elements and nothing else, so that a lab file cannot put script or foreign content
 * into the page.
 */
export type Prose =
  | { type: 'text' | 'code'; text: string }
  | { type: 'break' | 'rule' }
  | { type: 'fence'; text: string; language?: string | undefined }
  | { type: 'heading'; depth: number; children: Prose[] }
  | { type: 'list'; ordered: boolean; start: number; children: Prose[] }
  | { type: 'link'; url: string; children: Prose[] }
  | { type: 'table'; align: ('left' | 'right' | 'center' | null)[]; children: Prose[] }
  | { type: 'paragraph' | 'emphasis' | 'strong' | 'delete' | 'quote' | 'item' | 'row' | 'cell'; children: Prose[] };

const children = z.lazy(() => z.array(prose));

export const prose: z.ZodType<Prose> = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['text', 'code']), text: z.string() }),
  z.object({ type: z.enum(['break', 'rule']) }),
  z.object({ type: z.literal('fence'), text: z.string(), language: z.string().optional() }),
  z.object({ type: z.literal('heading'), depth: z.number(), children }),
  z.object({ type: z.literal('list'), ordered: z.boolean(), start: z.number(), children }),
  z.object({ type: z.literal('link'), url: z.string(), children }),
  z.object({ type: z.literal('table'), align: z.array(z.enum(['left', 'right', 'center']).nullable()), children }),
  z.object({
    type: z.enum(['paragraph', 'emphasis', 'strong', 'delete', 'quote', 'item', 'row', 'cell']),
    children,
  }),
]);
